import type { Change } from '../../profile/changes.ts'
import { type CodecFault, type Marks, isOpaque } from '../codec.ts'
import { type Met, type Path, copyPath, createMet } from '../met.ts'
import type { Json } from './json.ts'
import { pointerOf } from './pointer.ts'
import {
  apply,
  arrayPrototype,
  dateIso,
  dateTime,
  getPrototypeOf,
  hasOwn,
  isArray,
  isFiniteNumber,
  keys,
  objectPrototype,
  push,
  sliceText,
  tagOf,
} from './primordials.ts'

/**
 * What a rule changed, found in one walk over its live objects beside a snapshot of how they were, which the walk brings
 * up to date. It runs after every rule of every login, so it allocates next to nothing where nothing changed; a library
 * would need a copy of both sides first, and would trust objects that a rule has prepared to do harm.
 */
export interface Refreshed {
  /** The live value in JSON's words. */
  readonly snapshot: Json
  /** What those words leave out; undefined where they say it all. */
  readonly marks: Marks | undefined
}

/** Updates `before` in place to what `live` is now, and appends to `changes` how the two differ. */
export type Refresh = (before: Json, live: unknown, changes: Change[]) => Refreshed

type Members = Record<string, unknown>

const maxObjects = 20_000

/** Makes a walker; it keeps its working memory from walk to walk. */
export function createRefresh(maxDepth: number): Refresh {
  /** The keys from the root to the value at hand, and the objects on the way: its place, and how a cycle is found. */
  const path: Path = []
  const ancestors: (object | undefined)[] = []
  for (let depth = 0; depth <= maxDepth + 1; depth++) {
    path[depth] = ''
    ancestors[depth] = undefined
  }
  const met: Met = createMet()
  let depth = 0
  let objects = 0
  let changes: Change[]
  let marks: Marks | undefined

  function update(before: Json, live: unknown): Json {
    if (before === live) return before
    const value = dataOf(live)
    if (typeof value !== 'object' || value === null) {
      const after = (value ?? null) as Json
      if (after !== before) note('replace', after)
      return after
    }
    if (typeof before !== 'object' || before === null || isArray(before) !== isArray(value)) {
      const after = copyObject(value)
      note('replace', after)
      return after
    }
    enter(value)
    if (isArray(before)) updateItems(before, value as unknown[])
    else updateMembers(before, value as Members)
    depth--
    return before
  }

  function updateMembers(before: Record<string, Json>, live: Members): void {
    const names = keys(live)
    const old = keys(before)
    const key = depth - 1
    let same = 0
    // Mostly both have the same keys in the same order, and no look-up is needed.
    for (; same < old.length && names[same] === old[same]; same++) {
      const name = old[same]!
      const value = live[name]
      if (value === undefined) break
      const was = before[name]!
      if (value === was) continue
      path[key] = name
      before[name] = update(was, value)
    }
    if (same < names.length || same < old.length) updateRest(before, live, same)
  }

  function updateRest(before: Record<string, Json>, live: Members, from: number): void {
    const names = keys(live)
    const old = keys(before)
    const key = depth - 1
    for (let index = from; index < names.length; index++) {
      const name = names[index]!
      // A key that would change a prototype wherever the result is merged is no data of a profile.
      if (name === '__proto__') continue
      const value = live[name]
      path[key] = name
      if (value === undefined) markUndefined()
      else if (hasOwn(before, name)) before[name] = update(before[name]!, value)
      else {
        before[name] = copy(value)
        note('add', before[name])
      }
    }
    for (let index = from; index < old.length; index++) {
      const name = old[index]!
      if (hasOwn(live, name) && live[name] !== undefined) continue
      delete before[name]
      path[key] = name
      note('remove', undefined)
    }
  }

  function updateItems(before: Json[], live: unknown[]): void {
    const { length } = live
    const key = depth - 1
    for (let index = before.length - 1; index >= length; index--) {
      path[key] = index
      note('remove', undefined)
    }
    if (before.length > length) before.length = length
    const common = before.length
    for (let index = 0; index < length; index++) {
      path[key] = index
      if (index < common) before[index] = update(before[index]!, live[index])
      else {
        const added = copy(live[index])
        push(before, added)
        note('add', added)
      }
    }
  }

  function copy(live: unknown): Json {
    const value = dataOf(live)
    return typeof value === 'object' && value !== null ? copyObject(value) : ((value ?? null) as Json)
  }

  function copyObject(value: object): Json {
    enter(value)
    const result: Json[] | Record<string, Json> = isArray(value) ? [] : {}
    const key = depth - 1
    if (isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        path[key] = index
        push(result as Json[], copy(value[index]))
      }
    } else {
      const names = keys(value)
      for (let index = 0; index < names.length; index++) {
        const name = names[index]!
        if (name === '__proto__') continue
        const member = (value as Members)[name]
        path[key] = name
        if (member === undefined) markUndefined()
        else (result as Record<string, Json>)[name] = copy(member)
      }
    }
    depth--
    return result
  }

  function enter(value: object): void {
    // The root, which holds user and context, is no level of theirs.
    if (depth > maxDepth) refuse(`is deeper than ${maxDepth} levels`)
    // An object in several places is walked at each of them, which a rule could make a walk without end.
    if (++objects > maxObjects) refuse('is one object too many')
    const first = met.meet(value, path, depth)
    if (first !== undefined) meetAgain(value, first)
    ancestors[depth++] = value
  }

  function meetAgain(value: object, first: Path): void {
    for (let index = 0; index < depth; index++) {
      if (ancestors[index] === value) refuse('refers back to an object that contains it')
    }
    push(marked().shared, [copyPath(path, depth), first])
  }

  /** The JSON meaning of a live value: dates as ISO strings, `toJSON` honoured, what is no data refused. */
  function dataOf(live: unknown): unknown {
    switch (typeof live) {
      case 'number':
        return isFiniteNumber(live) ? live : null
      case 'object':
        return live === null ? null : dataOfObject(live)
      case 'function':
      case 'symbol':
      case 'bigint':
        return refuse(`is a ${typeof live}, which is not data`)
      case 'undefined':
        markUndefined()
        return live
      default:
        return live
    }
  }

  function dataOfObject(live: object): unknown {
    const prototype = getPrototypeOf(live)
    if ((prototype === objectPrototype || prototype === arrayPrototype) && !hasOwn(live, 'toJSON')) return live
    const tag = tagOf(live)
    if (tag === '[object Date]') {
      push(marked().dates, copyPath(path, depth))
      return isFiniteNumber(dateTime(live)) ? dateIso(live) : null
    }
    if (isOpaque(tag)) refuse(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = live as { toJSON?: unknown }
    return typeof toJSON === 'function' ? apply(toJSON, live, ['']) : live
  }

  function markUndefined(): void {
    push(marked().undefineds, copyPath(path, depth))
  }

  function marked(): Marks {
    return (marks ??= { dates: [], undefineds: [], shared: [] })
  }

  function note(op: Change['op'], value: Json | undefined): void {
    const at = pointerOf(path, depth)
    push(changes, value === undefined ? { op, path: at } : { op, path: at, value })
  }

  function refuse(why: string): never {
    throw { fault: `${pointerOf(path, depth)} ${why}` } satisfies CodecFault
  }

  return (before, live, found) => {
    depth = 0
    objects = 0
    changes = found
    marks = undefined
    met.reset()
    const snapshot = update(before, live)
    return { snapshot, marks }
  }
}
