import { NativeMap, mapGet, mapSet, push, sliceList } from './primordials.ts'

export type Path = (string | number)[]

/** A second place of an object, and the first one. */
export type SharedReference = readonly [path: Path, first: Path]

/** The objects of one walk with their paths, to find objects that are referenced more than once. */
export interface SeenObjects {
  /** Adds an object. Returns its two places if it was seen before, undefined otherwise. */
  track(value: object, path: Path, depth: number): SharedReference | undefined
  /**
   * A faster `track` for an unchanged tree. It applies if this walk and the previous one have seen the same objects in the
   * same places so far, this object included. Otherwise it returns false and changes nothing.
   */
  trackUnchanged(value: object, path: Path, depth: number): SharedReference | undefined | false
  /** Begins another walk. */
  reset(): void
}

/** A login has one or two dozen objects. A linear search of them is faster than a `Map`. A `Map` is used for more objects. */
const maxSearched = 48

export function createSeenObjects(): SeenObjects {
  // The lists have their final length, so that writing an item does not allocate and does not look at a prototype.
  const objects: (object | undefined)[] = createFilledList(undefined)
  const depths: number[] = createFilledList(0)
  const keys: (string | number)[] = createFilledList('')
  const sharedReferences: (SharedReference | undefined)[] = createFilledList(undefined)
  let count = 0
  /** Length of the previous walk. While both walks see the same objects in the same order, no search is needed. */
  let previousCount = 0
  let isInStep = false
  let overflow: Map<object, Path> | undefined

  /** The walk is depth first, so the parent of an object is the last one before it that is one level higher. */
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

/** Copies the first `depth` keys of a path, which the walk continues to change. */
export function copyPath(path: Path, depth: number): Path {
  return sliceList(path, 0, depth)
}

function createFilledList<T>(value: T): T[] {
  const list: T[] = []
  for (let index = 0; index < maxSearched; index++) list[index] = value
  return list
}
