import { NativeMap, mapGet, mapSet, push } from '../../wire/primordials.ts'

/** Positions of names in a list. */
export interface KeyIndex {
  /** The position of a name, which is marked as taken; -1 if the list does not hold it. */
  take(name: string): number
  isTaken(position: number): boolean
}

/** Up to this many names, a plain search is faster than a map. */
const maxLinearSearch = 24

/** Indexes `names` from the position `from` on. */
export function createKeyIndex(names: readonly string[], from: number): KeyIndex {
  const takenFlags: boolean[] = []
  for (let index = from; index < names.length; index++) push(takenFlags, false)
  let map: Map<string, number> | undefined
  if (names.length - from > maxLinearSearch) {
    map = new NativeMap<string, number>()
    for (let index = from; index < names.length; index++) mapSet(map, names[index]!, index)
  }

  function findPosition(name: string): number {
    if (map !== undefined) return mapGet(map, name) ?? -1
    for (let index = from; index < names.length; index++) if (names[index] === name) return index
    return -1
  }

  return {
    take(name) {
      const position = findPosition(name)
      if (position >= 0) takenFlags[position - from] = true
      return position
    },
    isTaken: (position) => takenFlags[position - from]!,
  }
}
