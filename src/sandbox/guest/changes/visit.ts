import { type CodecFault, type Marks, isOpaque } from '../../wire/codec.ts'
import { type Met, type Path, copyPath, createMet } from '../../wire/met.ts'
import { pointerOf } from './pointer.ts'
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
  tagOf,
} from '../../wire/primordials.ts'

/** Where a walk over live objects is, and what it has met that JSON has no word for. */
export interface Visit {
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
  pointer(): string
  /** The JSON meaning of a live value: dates as ISO strings, `toJSON` honoured, what is no data refused. */
  dataOf(live: unknown): unknown
}

const maxObjects = 20_000

export function createVisit(maxDepth: number): Visit {
  const path: Path = []
  /** The objects on the way: how a cycle is found. */
  const ancestors: (object | undefined)[] = []
  for (let depth = 0; depth <= maxDepth + 1; depth++) {
    path[depth] = ''
    ancestors[depth] = undefined
  }
  const met: Met = createMet()
  let objects = 0

  function refuseCycle(value: object): void {
    for (let index = 0; index < visit.depth; index++) {
      if (ancestors[index] === value) refuse('refers back to an object that contains it')
    }
  }

  function dataOfObject(live: object): unknown {
    const prototype = getPrototypeOf(live)
    if ((prototype === objectPrototype || prototype === arrayPrototype) && !hasOwn(live, 'toJSON')) return live
    const tag = tagOf(live)
    if (tag === '[object Date]') {
      push(marked().dates, copyPath(path, visit.depth))
      return isFiniteNumber(dateTime(live)) ? dateIso(live) : null
    }
    if (isOpaque(tag)) refuse(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = live as { toJSON?: unknown }
    return typeof toJSON === 'function' ? apply(toJSON, live, ['']) : live
  }

  function marked(): Marks {
    return (visit.marks ??= { dates: [], undefineds: [], shared: [] })
  }

  function refuse(why: string): never {
    throw { fault: `${pointerOf(path, visit.depth)} ${why}` } satisfies CodecFault
  }

  const visit: Visit = {
    path,
    depth: 0,
    marks: undefined,
    reset() {
      visit.depth = 0
      visit.marks = undefined
      objects = 0
      met.reset()
    },
    enter(value) {
      const { depth } = visit
      // The root, which holds user and context, is no level of theirs.
      if (depth > maxDepth) refuse(`is deeper than ${maxDepth} levels`)
      // An object in several places is walked at each of them, which a rule could make a walk without end.
      if (++objects > maxObjects) refuse('is one object too many')
      const again = met.meet(value, path, depth)
      if (again !== undefined) {
        refuseCycle(value)
        push(marked().shared, again)
      }
      ancestors[depth] = value
      visit.depth = depth + 1
    },
    enterAgain(value) {
      const { depth } = visit
      const stepped = met.step(value, path, depth)
      if (stepped === false) return visit.enter(value)
      if (stepped !== undefined) push(marked().shared, stepped)
      if (++objects > maxObjects) refuse('is one object too many')
      ancestors[depth] = value
      visit.depth = depth + 1
    },
    markUndefined() {
      push(marked().undefineds, copyPath(path, visit.depth))
    },
    pointer: () => pointerOf(path, visit.depth),
    dataOf(live) {
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
          visit.markUndefined()
          return live
        default:
          return live
      }
    },
  }
  return visit
}
