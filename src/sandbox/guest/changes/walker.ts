import { type CodecFault, type Marks, isOpaque } from '../../wire/codec.ts'
import {
  apply,
  arrayPrototype,
  dateIso,
  dateTime,
  getPrototypeOf,
  getTag,
  hasOwn,
  indexOfText,
  isFiniteNumber,
  objectPrototype,
  push,
  sliceText,
} from '../../wire/primordials.ts'
import { type Path, type SharedReference, copyPath, createSeenObjects } from '../../wire/seen-objects.ts'

const maxObjects = 20_000

/** The position of a walk over live objects, and what the walk met that JSON cannot express. */
export class Walker {
  #depth = 0
  /** The keys from the root to the current value, and after them keys that the walk has left. */
  readonly #path: Path = []
  /** The objects that contain the current value: how a cycle is found. */
  readonly #ancestors: (object | undefined)[] = []
  readonly #maxDepth: number
  readonly #seenObjects = createSeenObjects()
  #objectCount = 0
  #marks: Marks | undefined

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth
    // The lists have their full length from the start, so that a walk allocates nothing.
    for (let depth = 0; depth <= maxDepth + 1; depth++) {
      this.#path[depth] = ''
      this.#ancestors[depth] = undefined
    }
  }

  /** Undefined if JSON expresses all that the walk met. */
  get marks(): Marks | undefined {
    return this.#marks
  }

  /** Starts a walk at the root. */
  reset(): void {
    this.#depth = 0
    this.#objectCount = 0
    this.#marks = undefined
    this.#seenObjects.reset()
  }

  /** Goes into an object. Throws a `CodecFault` if it is too deep, one object too many, or contains itself. */
  enter(value: object): void {
    // The root, which holds user and context, is not one of their levels.
    if (this.#depth > this.#maxDepth) this.#throwFault(`is deeper than ${this.#maxDepth} levels`)
    this.#countObject()
    const sharedReference = this.#seenObjects.track(value, this.#path, this.#depth)
    if (sharedReference !== undefined) this.#checkCycle(value)
    this.#descend(value, sharedReference)
  }

  /** Does the same, faster for an object that is probably where the walk before met it. */
  enterAgain(value: object): void {
    const sharedReference = this.#seenObjects.trackUnchanged(value, this.#path, this.#depth)
    if (sharedReference === false) return this.enter(value)
    this.#countObject()
    this.#descend(value, sharedReference)
  }

  /** Goes back to the object that contains the current one. */
  leave(): void {
    this.#depth--
  }

  /** Goes to a member or an item of the object that was entered last. */
  setKey(key: string | number): void {
    this.#path[this.#depth - 1] = key
  }

  markUndefined(): void {
    push(this.#ensureMarks().undefineds, copyPath(this.#path, this.#depth))
  }

  toPointer(): string {
    return toJsonPointer(this.#path, this.#depth)
  }

  /**
   * Returns the JSON meaning of a live value: dates as ISO strings, `toJSON` honoured. Throws a `CodecFault` if it is not
   * data.
   */
  toData(live: unknown): unknown {
    switch (typeof live) {
      case 'number':
        return isFiniteNumber(live) ? live : null
      case 'object':
        return live === null ? null : this.#toObjectData(live)
      case 'function':
      case 'symbol':
      case 'bigint':
        return this.#throwFault(`is a ${typeof live}, which is not data`)
      case 'undefined':
        this.markUndefined()
        return live
      default:
        return live
    }
  }

  #toObjectData(live: object): unknown {
    const prototype = getPrototypeOf(live)
    if ((prototype === objectPrototype || prototype === arrayPrototype) && !hasOwn(live, 'toJSON')) return live
    const tag = getTag(live)
    if (tag === '[object Date]') {
      push(this.#ensureMarks().dates, copyPath(this.#path, this.#depth))
      return isFiniteNumber(dateTime(live)) ? dateIso(live) : null
    }
    if (isOpaque(tag)) this.#throwFault(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = live as { toJSON?: unknown }
    return typeof toJSON === 'function' ? apply(toJSON, live, ['']) : live
  }

  /** The walk goes into a shared object at each of its places, so it needs a limit on all of them. */
  #countObject(): void {
    if (++this.#objectCount > maxObjects) this.#throwFault(`is one object too many: at most ${maxObjects} are allowed`)
  }

  #descend(value: object, sharedReference: SharedReference | undefined): void {
    if (sharedReference !== undefined) push(this.#ensureMarks().shared, sharedReference)
    this.#ancestors[this.#depth] = value
    this.#depth++
  }

  #checkCycle(value: object): void {
    for (let index = 0; index < this.#depth; index++) {
      if (this.#ancestors[index] === value) this.#throwFault('refers back to an object that contains it')
    }
  }

  #ensureMarks(): Marks {
    return (this.#marks ??= { dates: [], undefineds: [], shared: [] })
  }

  #throwFault(reason: string): never {
    throw { fault: `${toJsonPointer(this.#path, this.#depth)} ${reason}` } satisfies CodecFault
  }
}

/** The first `depth` keys of a path as a JSON Pointer (RFC 6901). */
function toJsonPointer(path: readonly (string | number)[], depth: number): string {
  let pointer = ''
  for (let index = 0; index < depth; index++) {
    const key = path[index]!
    pointer += typeof key === 'number' ? `/${key}` : `/${escapeKey(key)}`
  }
  return pointer
}

function escapeKey(key: string): string {
  if (indexOfText(key, '~') < 0 && indexOfText(key, '/') < 0) return key
  let token = ''
  for (let index = 0; index < key.length; index++) {
    const char = key[index]!
    token += char === '~' ? '~0' : char === '/' ? '~1' : char
  }
  return token
}
