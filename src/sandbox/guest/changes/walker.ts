import { type CodecFault, type Marks, isOpaque } from '../../wire/codec.ts'
import { type SeenObjects, type Path, copyPath, createSeenObjects } from '../../wire/seen-objects.ts'
import { toJsonPointer } from './json-pointer.ts'
import {
  apply,
  arrayPrototype,
  dateIso,
  dateTime,
  getPrototypeOf,
  hasOwn,
  isFiniteNumber,
  objectPrototype,
  push,
  sliceText,
  getTag,
} from '../../wire/primordials.ts'

/** Where a walk over live objects is, and what it has met that JSON has no word for. */
export interface Walker {
  /** The keys from the root to the value at hand; the walk writes the last one. */
  readonly path: Path
  depth: number
  marks: Marks | undefined
  reset(): void
  /** Goes into an object; throws a `CodecFault` where it is too deep, one too many, or contains itself. */
  enter(value: object): void
  /** The same, faster, for an object that probably stands where it stood in the walk before. */
  enterAgain(value: object): void
  markUndefined(): void
  toPointer(): string
  /** The JSON meaning of a live value: dates as ISO strings, `toJSON` honoured, what is no data refused. */
  toData(live: unknown): unknown
}

const maxObjects = 20_000

export function createWalker(maxDepth: number): Walker {
  const path: Path = []
  /** The objects on the way: how a cycle is found. */
  const ancestors: (object | undefined)[] = []
  for (let depth = 0; depth <= maxDepth + 1; depth++) {
    path[depth] = ''
    ancestors[depth] = undefined
  }
  const seenObjects: SeenObjects = createSeenObjects()
  let objects = 0

  function checkCycle(value: object): void {
    for (let index = 0; index < walker.depth; index++) {
      if (ancestors[index] === value) throwFault('refers back to an object that contains it')
    }
  }

  function toObjectData(live: object): unknown {
    const prototype = getPrototypeOf(live)
    if ((prototype === objectPrototype || prototype === arrayPrototype) && !hasOwn(live, 'toJSON')) return live
    const tag = getTag(live)
    if (tag === '[object Date]') {
      push(ensureMarks().dates, copyPath(path, walker.depth))
      return isFiniteNumber(dateTime(live)) ? dateIso(live) : null
    }
    if (isOpaque(tag)) throwFault(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = live as { toJSON?: unknown }
    return typeof toJSON === 'function' ? apply(toJSON, live, ['']) : live
  }

  function ensureMarks(): Marks {
    return (walker.marks ??= { dates: [], undefineds: [], shared: [] })
  }

  function throwFault(reason: string): never {
    throw { fault: `${toJsonPointer(path, walker.depth)} ${reason}` } satisfies CodecFault
  }

  const walker: Walker = {
    path,
    depth: 0,
    marks: undefined,
    reset() {
      walker.depth = 0
      walker.marks = undefined
      objects = 0
      seenObjects.reset()
    },
    enter(value) {
      const { depth } = walker
      // The root, which holds user and context, is no level of theirs.
      if (depth > maxDepth) throwFault(`is deeper than ${maxDepth} levels`)
      // An object in several places is walked at each of them, which a rule could make a walk without end.
      if (++objects > maxObjects) throwFault('is one object too many')
      const sharedEntry = seenObjects.track(value, path, depth)
      if (sharedEntry !== undefined) {
        checkCycle(value)
        push(ensureMarks().shared, sharedEntry)
      }
      ancestors[depth] = value
      walker.depth = depth + 1
    },
    enterAgain(value) {
      const { depth } = walker
      const sharedEntry = seenObjects.trackUnchanged(value, path, depth)
      if (sharedEntry === false) return walker.enter(value)
      if (sharedEntry !== undefined) push(ensureMarks().shared, sharedEntry)
      if (++objects > maxObjects) throwFault('is one object too many')
      ancestors[depth] = value
      walker.depth = depth + 1
    },
    markUndefined() {
      push(ensureMarks().undefineds, copyPath(path, walker.depth))
    },
    toPointer: () => toJsonPointer(path, walker.depth),
    toData(live) {
      switch (typeof live) {
        case 'number':
          return isFiniteNumber(live) ? live : null
        case 'object':
          return live === null ? null : toObjectData(live)
        case 'function':
        case 'symbol':
        case 'bigint':
          return throwFault(`is a ${typeof live}, which is not data`)
        case 'undefined':
          walker.markUndefined()
          return live
        default:
          return live
      }
    },
  }
  return walker
}
