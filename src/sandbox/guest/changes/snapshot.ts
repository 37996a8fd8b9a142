import type { Json } from '../../wire/json.ts'
import { isArray, keys, objectValues, push } from '../../wire/primordials.ts'
import type { Walker } from './walker.ts'

/**
 * A copy of an object's data as two lists. Comparing lists with a live object costs a fraction of looking its keys up in
 * another object.
 */
export interface Snapshot {
  /** Absent for an array. */
  names: string[] | undefined
  values: SnapshotValue[]
  /** The object that it is a copy of. */
  live: object
}

export type SnapshotValue = string | number | boolean | null | Snapshot

type Members = Record<string, unknown>

export function isSnapshot(value: SnapshotValue): value is Snapshot {
  return typeof value === 'object' && value !== null
}

/** Copies a live value at the walker's position. Throws a `CodecFault` if it is not data. */
export function takeSnapshot(walker: Walker, live: unknown): SnapshotValue {
  const value = walker.toData(live)
  return typeof value === 'object' && value !== null
    ? takeObjectSnapshot(walker, value)
    : ((value ?? null) as SnapshotValue)
}

/** Copies an object whose JSON is made from its members, and not by `toJSON`. */
export function takeObjectSnapshot(walker: Walker, value: object): Snapshot {
  walker.enter(value)
  const values: SnapshotValue[] = []
  let names: string[] | undefined
  if (isArray(value)) addItems(walker, value, values)
  else names = addMembers(walker, value as Members, values)
  walker.leave()
  return { names, values, live: value }
}

/** Copies what `JSON.parse` returned, which holds nothing but data; cheaper than `takeSnapshot`. */
export function takeParsedSnapshot(walker: Walker, value: object): Snapshot {
  walker.enter(value)
  const names = isArray(value) ? undefined : keys(value)
  const values = objectValues(value) as SnapshotValue[]
  for (let index = 0; index < values.length; index++) {
    const item: unknown = values[index]
    if (typeof item !== 'object' || item === null) continue
    walker.setKey(names === undefined ? index : names[index]!)
    values[index] = takeParsedSnapshot(walker, item)
  }
  walker.leave()
  return { names, values, live: value }
}

function addItems(walker: Walker, live: readonly unknown[], values: SnapshotValue[]): void {
  const { length } = live
  for (let index = 0; index < length; index++) {
    const item = live[index]
    walker.setKey(index)
    push(values, takeSnapshot(walker, item))
  }
}

function addMembers(walker: Walker, live: Members, values: SnapshotValue[]): string[] {
  const names: string[] = []
  const liveNames = keys(live)
  for (let index = 0; index < liveNames.length; index++) {
    const name = liveNames[index]!
    const value = live[name]
    walker.setKey(name)
    if (!isDataMember(walker, name, value)) continue
    push(names, name)
    push(values, typeof value === 'string' ? value : takeSnapshot(walker, value))
  }
  return names
}

/** Whether a member belongs to the profile. The walker, which is at the member, notes an `undefined`. */
export function isDataMember(walker: Walker, name: string, value: unknown): boolean {
  if (value === undefined) walker.markUndefined()
  // `__proto__` would change a prototype wherever the result is merged.
  return value !== undefined && name !== '__proto__'
}

export function toJsonValue(snapshot: SnapshotValue): Json {
  if (!isSnapshot(snapshot)) return snapshot
  const { names, values } = snapshot
  if (names === undefined) {
    const items: Json[] = []
    for (let index = 0; index < values.length; index++) push(items, toJsonValue(values[index]!))
    return items
  }
  const members: { [key: string]: Json } = {}
  for (let index = 0; index < names.length; index++) members[names[index]!] = toJsonValue(values[index]!)
  return members
}
