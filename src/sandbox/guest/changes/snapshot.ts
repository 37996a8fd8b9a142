import type { Json } from '../../wire/json.ts'
import { NativeMap, mapGet, mapSet, push } from '../../wire/primordials.ts'

/**
 * A picture of data: what an object held, as two lists, which are compared with a live object at a fraction of what looking
 * its keys up in another object costs.
 */
export interface Snapshot {
  /** Absent for an array. */
  names: string[] | undefined
  values: SnapshotValue[]
  /** What it was taken of. */
  live: object
}

/** A value as a picture has it. */
export type SnapshotValue = string | number | boolean | null | Snapshot

export function isSnapshot(value: SnapshotValue): value is Snapshot {
  return typeof value === 'object' && value !== null
}

/** What a picture shows. */
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

/** Where names stand in a list, from a place on; each is taken once. */
export interface KeyIndex {
  /** The place of a name; -1 where it has none. */
  take(name: string): number
  isTaken(keyIndex: number): boolean
}

/** A few names are found faster by looking at each. */
const maxLinearSearch = 24

export function createKeyIndex(names: readonly string[], from: number): KeyIndex {
  const takenFlags: boolean[] = []
  for (let index = from; index < names.length; index++) push(takenFlags, false)
  let map: Map<string, number> | undefined
  if (names.length - from > maxLinearSearch) {
    map = new NativeMap<string, number>()
    for (let index = from; index < names.length; index++) mapSet(map, names[index]!, index)
  }

  function findIndex(name: string): number {
    if (map !== undefined) return mapGet(map, name) ?? -1
    for (let index = from; index < names.length; index++) if (names[index] === name) return index
    return -1
  }

  return {
    take(name) {
      const keyIndex = findIndex(name)
      if (keyIndex >= 0) takenFlags[keyIndex - from] = true
      return keyIndex
    },
    isTaken: (keyIndex) => takenFlags[keyIndex - from]!,
  }
}
