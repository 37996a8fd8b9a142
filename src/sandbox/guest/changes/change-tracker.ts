import type { Change } from '../../../profile/schema/changes.ts'
import type { Marks } from '../../wire/codec.ts'
import type { Json } from '../../wire/json.ts'
import { hasOwn, isArray, keys, push, sliceList, objectValues } from '../../wire/primordials.ts'
import { type Snapshot, type SnapshotValue, createKeyIndex, isSnapshot, toJsonValue } from './snapshot.ts'
import { createWalker } from './walker.ts'

/**
 * What a rule changed, found in one walk over its live objects beside a picture of how they were, which the walk brings
 * up to date. It runs after every rule of every login, so it allocates next to nothing where nothing changed; a library
 * would need a copy of both sides first, and would trust objects that a rule has prepared to do harm.
 */
export interface ChangeTracker {
  /** Takes `live` for how things are. */
  begin(live: object): void
  /** The same of what JSON was read to, which holds nothing but data. */
  beginParsed(live: object): void
  /**
   * Appends to `changes` how `live` differs from how things were, and takes it for that. Answers what JSON's words leave
   * out; undefined where they say it all.
   */
  diff(live: object, changes: Change[]): Marks | undefined
  /** How things were, in JSON's words; getters of a rule's have no second say in it. */
  copy(): Json
  /** Whether what stood at a key of the root was an object and no array. */
  isObject(key: string): boolean
}

type Members = Record<string, unknown>

/** Makes a watch; it keeps its working memory from login to login. */
export function createChangeTracker(maxDepth: number): ChangeTracker {
  const walker = createWalker(maxDepth)
  const { path, toData, enter, enterAgain } = walker
  let root: SnapshotValue = null
  /** What is new is told of as a whole, not member by member. */
  let newValueDepth = 0
  let changes: Change[] = []

  function update(previous: SnapshotValue, live: unknown): SnapshotValue {
    // Most of what stands there now stood there before, and an array stays one.
    const isSame = isSnapshot(previous) && previous.live === live && !hasToJson(previous.live)
    const value = isSame ? previous.live : toData(live)
    if (typeof value !== 'object' || value === null) {
      const now = (value ?? null) as SnapshotValue
      if (now !== previous) recordChange('replace', now)
      return now
    }
    if (!isSnapshot(previous) || (!isSame && (previous.names === undefined) !== isArray(value))) {
      const now = snapshotObject(value)
      recordChange('replace', now)
      return now
    }
    previous.live = value
    if (isSame) enterAgain(value)
    else enter(value)
    if (previous.names === undefined) updateItems(previous.values, value as unknown[])
    else updateMembers(previous, previous.names, value as Members)
    walker.depth--
    return previous
  }

  function updateMembers(previous: Snapshot, oldNames: readonly string[], live: Members): void {
    const { values } = previous
    const key = walker.depth - 1
    let same = 0
    // What is inherited comes last: where the last one is an own member, all are.
    if (oldNames.length === 0 || hasOwn(live, oldNames[oldNames.length - 1]!)) {
      let isInStep = true
      // Mostly both have the same keys in the same order, and no look-up is needed.
      for (const name in live) {
        const value = live[name]
        isInStep = oldNames[same] === name && value !== undefined
        if (!isInStep) break
        const before = values[same]!
        if (value !== before) {
          path[key] = name
          const now = update(before, value)
          if (now !== before) values[same] = now
        }
        same++
      }
      if (isInStep && same === oldNames.length) return
    }
    updateRest(previous, oldNames, live, same)
  }

  function updateRest(previous: Snapshot, oldNames: readonly string[], live: Members, from: number): void {
    const names = keys(live)
    const oldKeys = createKeyIndex(oldNames, from)
    const oldValues = previous.values
    const nowNames = sliceList(oldNames, 0, from)
    const nowValues = sliceList(oldValues, 0, from)
    const key = walker.depth - 1
    for (let index = from; index < names.length; index++) {
      const name = names[index]!
      const value = live[name]
      if (!isData(name, value, key)) continue
      const at = oldKeys.take(name)
      const snapshot = at < 0 ? takeSnapshot(value) : update(oldValues[at]!, value)
      if (at < 0) recordChange('add', snapshot)
      push(nowNames, name)
      push(nowValues, snapshot)
    }
    for (let index = from; index < oldNames.length; index++) {
      if (oldKeys.isTaken(index)) continue
      path[key] = oldNames[index]!
      recordChange('remove', undefined)
    }
    previous.names = nowNames
    previous.values = nowValues
  }

  function isData(name: string, value: unknown, key: number): boolean {
    path[key] = name
    if (value === undefined) walker.markUndefined()
    // A key that would change a prototype wherever the result is merged is no data of a profile.
    return value !== undefined && name !== '__proto__'
  }

  function updateItems(values: SnapshotValue[], live: unknown[]): void {
    const { length } = live
    const key = walker.depth - 1
    for (let index = values.length - 1; index >= length; index--) {
      path[key] = index
      recordChange('remove', undefined)
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
        const added = takeSnapshot(item)
        push(values, added)
        recordChange('add', added)
      }
    }
  }

  function takeSnapshot(live: unknown): SnapshotValue {
    const value = toData(live)
    return typeof value === 'object' && value !== null ? snapshotObject(value) : ((value ?? null) as SnapshotValue)
  }

  function snapshotObject(value: object): Snapshot {
    newValueDepth++
    enter(value)
    const values: SnapshotValue[] = []
    let names: string[] | undefined
    if (isArray(value)) updateItems(values, value)
    else names = snapshotMembers(value as Members, values)
    walker.depth--
    newValueDepth--
    return { names, values, live: value }
  }

  function snapshotMembers(live: Members, values: SnapshotValue[]): string[] {
    const names: string[] = []
    const liveNames = keys(live)
    const key = walker.depth - 1
    for (let index = 0; index < liveNames.length; index++) {
      const name = liveNames[index]!
      const value = live[name]
      if (!isData(name, value, key)) continue
      push(names, name)
      push(values, typeof value === 'string' ? value : takeSnapshot(value))
    }
    return names
  }

  function snapshotParsed(value: object): Snapshot {
    enter(value)
    const names = isArray(value) ? undefined : keys(value)
    const values = objectValues(value) as SnapshotValue[]
    const key = walker.depth - 1
    for (let index = 0; index < values.length; index++) {
      const item: unknown = values[index]
      if (typeof item !== 'object' || item === null) continue
      path[key] = names === undefined ? index : names[index]!
      values[index] = snapshotParsed(item)
    }
    walker.depth--
    return { names, values, live: value }
  }

  function recordChange(op: Change['op'], value: SnapshotValue | undefined): void {
    if (newValueDepth > 0) return
    const at = walker.toPointer()
    push(changes, value === undefined ? { op, path: at } : { op, path: at, value: toJsonValue(value) })
  }

  function reset(output: Change[]): void {
    walker.reset()
    newValueDepth = 0
    changes = output
  }

  return {
    begin(live) {
      reset([])
      root = takeSnapshot(live)
    },
    beginParsed(live) {
      reset([])
      root = snapshotParsed(live)
    },
    diff(live, output) {
      reset(output)
      root = update(root, live)
      return walker.marks
    },
    copy: () => toJsonValue(root),
    isObject(key) {
      if (!isSnapshot(root) || root.names === undefined) return false
      const { names, values } = root
      for (let at = 0; at < names.length; at++) {
        if (names[at] !== key) continue
        const value = values[at]!
        return isSnapshot(value) && value.names !== undefined
      }
      return false
    },
  }
}

/** Whether it means something else in JSON than its members. */
function hasToJson(live: object): boolean {
  return (live as { readonly toJSON?: unknown }).toJSON !== undefined
}
