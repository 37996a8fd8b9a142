import { NativeMap, mapGet, mapSet, push, sliceList } from './primordials.ts'

export type Path = (string | number)[]

/** An object that stands in more than one place: one of them, and the first of all. */
export type SharedReference = readonly [path: Path, first: Path]

/** The objects that a walk has met, each with where it stood, so that a second meeting can say where the first was. */
export interface SeenObjects {
  /** Answers where `value` stands and where it was met first; undefined for the first time. */
  track(value: object, path: Path, depth: number): SharedReference | undefined
  /**
   * The short way to meet an object that stood there in the walk before, where both walks have met the same objects in the
   * same places so far, this one included; false where they have not, and then nothing has happened.
   */
  trackUnchanged(value: object, path: Path, depth: number): SharedReference | undefined | false
  /** Begins another walk, which has met nothing yet. */
  reset(): void
}

/** A login holds a dozen objects or two, which a plain search finds faster than a map; beyond that a map takes over. */
const maxSearched = 48

export function createSeenObjects(): SeenObjects {
  // The lists are as long as they will be from the start, so that filling them allocates nothing and asks no prototype.
  const objects: (object | undefined)[] = createFilledList(undefined)
  const depths: number[] = createFilledList(0)
  const keys: (string | number)[] = createFilledList('')
  const sharedReferences: (SharedReference | undefined)[] = createFilledList(undefined)
  let count = 0
  /** How many the walk before met; while this one meets the same objects in the same order, each is known to be another. */
  let previousCount = 0
  let isInStep = false
  let overflow: Map<object, Path> | undefined

  /** The walk goes depth first, so the parent of an object is the last one met before it that stood one level higher. */
  function buildPath(at: number): Path {
    const depth = depths[at]!
    if (depth === 0) return []
    let parent = at
    while (parent >= 0 && depths[parent] !== depth - 1) parent--
    const path = parent < 0 ? [] : buildPath(parent)
    push(path, keys[at]!)
    return path
  }

  function findFirstPath(value: object, path: Path, depth: number): Path | undefined {
    for (let index = 0; index < count; index++) if (objects[index] === value) return buildPath(index)
    if (count < maxSearched) return undefined
    overflow ??= new NativeMap<object, Path>()
    const first = mapGet(overflow, value)
    if (first === undefined) mapSet(overflow, value, copyPath(path, depth))
    return first
  }

  return {
    track(value, path, depth) {
      isInStep = false
      const first = findFirstPath(value, path, depth)
      const sharedReference: SharedReference | undefined = first && [copyPath(path, depth), first]
      if (count < maxSearched) {
        objects[count] = value
        depths[count] = depth
        keys[count] = depth === 0 ? '' : path[depth - 1]!
        sharedReferences[count] = sharedReference
        count++
      }
      return sharedReference
    },
    trackUnchanged(value, path, depth) {
      if (!isInStep || count >= previousCount || objects[count] !== value || depths[count] !== depth) return false
      if (depth > 0 && keys[count] !== path[depth - 1]) return false
      return sharedReferences[count++]
    },
    reset() {
      previousCount = count
      isInStep = true
      count = 0
      overflow = undefined
    },
  }
}

/** The first `depth` keys of a path that a walk goes on writing. */
export function copyPath(path: Path, depth: number): Path {
  return sliceList(path, 0, depth)
}

function createFilledList<T>(value: T): T[] {
  const list: T[] = []
  for (let index = 0; index < maxSearched; index++) list[index] = value
  return list
}
