import type { Change } from '../../../profile/schema/changes.ts'
import type { Marks } from '../../wire/codec.ts'
import type { Json } from '../../wire/json.ts'
import { hasOwn, isArray, keys, push, sliceList, valuesOf } from '../../wire/primordials.ts'
import { type Shot, type Taken, createPlaces, isShot, jsonOf } from './shot.ts'
import { createVisit } from './visit.ts'

/**
 * What a rule changed, found in one walk over its live objects beside a picture of how they were, which the walk brings
 * up to date. It runs after every rule of every login, so it allocates next to nothing where nothing changed; a library
 * would need a copy of both sides first, and would trust objects that a rule has prepared to do harm.
 */
export interface Watch {
  /** Takes `live` for how things are. */
  begin(live: object): void
  /** The same of what JSON was read to, which holds nothing but data. */
  beginParsed(live: object): void
  /**
   * Appends to `changes` how `live` differs from how things were, and takes it for that. Answers what JSON's words leave
   * out; undefined where they say it all.
   */
  look(live: object, changes: Change[]): Marks | undefined
  /** How things were, in JSON's words; getters of a rule's have no second say in it. */
  copy(): Json
  /** Whether what stood at a key of the root was an object and no array. */
  isObject(key: string): boolean
}

type Members = Record<string, unknown>

/** Makes a watch; it keeps its working memory from login to login. */
export function createWatch(maxDepth: number): Watch {
  const visit = createVisit(maxDepth)
  const { path, dataOf, enter, enterAgain } = visit
  let root: Taken = null
  /** What is new is told of as a whole, not member by member. */
  let quiet = 0
  let changes: Change[] = []

  function update(was: Taken, live: unknown): Taken {
    // Most of what stands there now stood there before, and an array stays one.
    const isSame = isShot(was) && was.live === live && !writesItself(was.live)
    const value = isSame ? was.live : dataOf(live)
    if (typeof value !== 'object' || value === null) {
      const now = (value ?? null) as Taken
      if (now !== was) note('replace', now)
      return now
    }
    if (!isShot(was) || (!isSame && (was.names === undefined) !== isArray(value))) {
      const now = takeObject(value)
      note('replace', now)
      return now
    }
    was.live = value
    if (isSame) enterAgain(value)
    else enter(value)
    if (was.names === undefined) updateItems(was.values, value as unknown[])
    else updateMembers(was, was.names, value as Members)
    visit.depth--
    return was
  }

  function updateMembers(was: Shot, old: readonly string[], live: Members): void {
    const { values } = was
    const key = visit.depth - 1
    let same = 0
    // What is inherited comes last: where the last one is an own member, all are.
    if (old.length === 0 || hasOwn(live, old[old.length - 1]!)) {
      let inStep = true
      // Mostly both have the same keys in the same order, and no look-up is needed.
      for (const name in live) {
        const value = live[name]
        inStep = old[same] === name && value !== undefined
        if (!inStep) break
        const before = values[same]!
        if (value !== before) {
          path[key] = name
          const now = update(before, value)
          if (now !== before) values[same] = now
        }
        same++
      }
      if (inStep && same === old.length) return
    }
    updateRest(was, old, live, same)
  }

  function updateRest(was: Shot, oldNames: readonly string[], live: Members, from: number): void {
    const names = keys(live)
    const old = createPlaces(oldNames, from)
    const oldValues = was.values
    const nowNames = sliceList(oldNames, 0, from)
    const nowValues = sliceList(oldValues, 0, from)
    const key = visit.depth - 1
    for (let index = from; index < names.length; index++) {
      const name = names[index]!
      const value = live[name]
      if (!isData(name, value, key)) continue
      const at = old.take(name)
      const taken = at < 0 ? take(value) : update(oldValues[at]!, value)
      if (at < 0) note('add', taken)
      push(nowNames, name)
      push(nowValues, taken)
    }
    for (let index = from; index < oldNames.length; index++) {
      if (old.isTaken(index)) continue
      path[key] = oldNames[index]!
      note('remove', undefined)
    }
    was.names = nowNames
    was.values = nowValues
  }

  function isData(name: string, value: unknown, key: number): boolean {
    path[key] = name
    if (value === undefined) visit.markUndefined()
    // A key that would change a prototype wherever the result is merged is no data of a profile.
    return value !== undefined && name !== '__proto__'
  }

  function updateItems(values: Taken[], live: unknown[]): void {
    const { length } = live
    const key = visit.depth - 1
    for (let index = values.length - 1; index >= length; index--) {
      path[key] = index
      note('remove', undefined)
    }
    if (values.length > length) values.length = length
    const common = values.length
    for (let index = 0; index < length; index++) {
      const item = live[index]
      if (index < common) {
        const before = values[index]!
        if (item === before) continue
        path[key] = index
        values[index] = update(before, item)
      } else {
        path[key] = index
        const added = take(item)
        push(values, added)
        note('add', added)
      }
    }
  }

  function take(live: unknown): Taken {
    const value = dataOf(live)
    return typeof value === 'object' && value !== null ? takeObject(value) : ((value ?? null) as Taken)
  }

  function takeObject(value: object): Shot {
    quiet++
    enter(value)
    const values: Taken[] = []
    let names: string[] | undefined
    if (isArray(value)) updateItems(values, value)
    else names = takeMembers(value as Members, values)
    visit.depth--
    quiet--
    return { names, values, live: value }
  }

  function takeMembers(live: Members, values: Taken[]): string[] {
    const names: string[] = []
    const found = keys(live)
    const key = visit.depth - 1
    for (let index = 0; index < found.length; index++) {
      const name = found[index]!
      const value = live[name]
      if (!isData(name, value, key)) continue
      push(names, name)
      push(values, typeof value === 'string' ? value : take(value))
    }
    return names
  }

  function takeParsed(value: object): Shot {
    enter(value)
    const names = isArray(value) ? undefined : keys(value)
    const values = valuesOf(value) as Taken[]
    const key = visit.depth - 1
    for (let index = 0; index < values.length; index++) {
      const item: unknown = values[index]
      if (typeof item !== 'object' || item === null) continue
      path[key] = names === undefined ? index : names[index]!
      values[index] = takeParsed(item)
    }
    visit.depth--
    return { names, values, live: value }
  }

  function note(op: Change['op'], value: Taken | undefined): void {
    if (quiet > 0) return
    const at = visit.pointer()
    push(changes, value === undefined ? { op, path: at } : { op, path: at, value: jsonOf(value) })
  }

  function reset(found: Change[]): void {
    visit.reset()
    quiet = 0
    changes = found
  }

  return {
    begin(live) {
      reset([])
      root = take(live)
    },
    beginParsed(live) {
      reset([])
      root = takeParsed(live)
    },
    look(live, found) {
      reset(found)
      root = update(root, live)
      return visit.marks
    },
    copy: () => jsonOf(root),
    isObject(key) {
      if (!isShot(root) || root.names === undefined) return false
      const { names, values } = root
      for (let at = 0; at < names.length; at++) {
        if (names[at] !== key) continue
        const value = values[at]!
        return isShot(value) && value.names !== undefined
      }
      return false
    },
  }
}

/** Whether it means something else in JSON than its members. */
function writesItself(live: object): boolean {
  return (live as { readonly toJSON?: unknown }).toJSON !== undefined
}
