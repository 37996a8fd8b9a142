import type { Json } from '../../wire/json.ts'
import { NativeMap, mapGet, mapSet, push } from '../../wire/primordials.ts'

/**
 * A picture of data: what an object held, as two lists, which are compared with a live object at a fraction of what looking
 * its keys up in another object costs.
 */
export interface Shot {
  /** Absent for an array. */
  names: string[] | undefined
  values: Taken[]
  /** What it was taken of. */
  live: object
}

/** A value as a picture has it. */
export type Taken = string | number | boolean | null | Shot

export function isShot(value: Taken): value is Shot {
  return typeof value === 'object' && value !== null
}

/** What a picture shows. */
export function jsonOf(taken: Taken): Json {
  if (!isShot(taken)) return taken
  const { names, values } = taken
  if (names === undefined) {
    const items: Json[] = []
    for (let index = 0; index < values.length; index++) push(items, jsonOf(values[index]!))
    return items
  }
  const members: { [key: string]: Json } = {}
  for (let index = 0; index < names.length; index++) members[names[index]!] = jsonOf(values[index]!)
  return members
}

/** Where names stand in a list, from a place on; each is taken once. */
export interface Places {
  /** The place of a name; -1 where it has none. */
  take(name: string): number
  isTaken(place: number): boolean
}

/** A few names are found faster by looking at each. */
const maxSearched = 24

export function createPlaces(names: readonly string[], from: number): Places {
  const taken: boolean[] = []
  for (let index = from; index < names.length; index++) push(taken, false)
  let map: Map<string, number> | undefined
  if (names.length - from > maxSearched) {
    map = new NativeMap<string, number>()
    for (let index = from; index < names.length; index++) mapSet(map, names[index]!, index)
  }

  function placeOf(name: string): number {
    if (map !== undefined) return mapGet(map, name) ?? -1
    for (let index = from; index < names.length; index++) if (names[index] === name) return index
    return -1
  }

  return {
    take(name) {
      const place = placeOf(name)
      if (place >= 0) taken[place - from] = true
      return place
    },
    isTaken: (place) => taken[place - from]!,
  }
}
