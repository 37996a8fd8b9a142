import {
  apply,
  dateTime,
  hasOwn,
  isArray,
  isFiniteNumber,
  keys,
  parseJson,
  pop,
  push,
  sliceList,
  sliceText,
  getTag,
  toJson,
} from './primordials.ts'
import { type Path, type SeenObjects, type SharedReference, createSeenObjects } from './seen-objects.ts'

/**
 * What JSON cannot express of a value. An encoded value is one JSON text: `[value]`, or `[value, marks]` if there are marks.
 */
export interface Marks {
  /** Paths of `Date` objects; the value there is a time in ms or ISO text, or null for an invalid date. */
  readonly dates: Path[]
  /** Paths of `undefined`. */
  readonly undefineds: Path[]
  readonly shared: SharedReference[]
}
type Plain = Record<string, unknown>

export interface CodecLimits {
  readonly maxDepth: number
  readonly maxLength: number
}

/** Why a value cannot be encoded. It is thrown; the caller knows whose value it was. */
export interface CodecFault {
  readonly fault: string
}

/** Encodes a value that is plain JSON already, with the marks of the original. */
export function encodeMarked(value: unknown, marks: Marks | undefined, limits: CodecLimits): string {
  const text = toJson(marks === undefined ? [value] : [value, marks])
  if (text.length > limits.maxLength)
    throw { fault: `it is larger than ${limits.maxLength} bytes` } satisfies CodecFault
  return text
}

/** Encodes any data; throws a `CodecFault` if a part of it is not data, or it is too deep or too large. */
export function encode(value: unknown, limits: CodecLimits): string {
  return new Encoder(limits).encode(value)
}

/** Copies one value to plain JSON, depth first, and collects its marks. */
class Encoder {
  readonly #limits: CodecLimits
  readonly #marks: Marks = { dates: [], undefineds: [], shared: [] }
  readonly #seen: SeenObjects = createSeenObjects()
  /** Keys from the root to the value at hand. */
  readonly #path: Path = []
  /** The objects on that path. */
  readonly #ancestors: object[] = []

  constructor(limits: CodecLimits) {
    this.#limits = limits
  }

  encode(value: unknown): string {
    const { dates, undefineds, shared } = this.#marks
    const plain = this.#copy(value)
    const isMarked = dates.length + undefineds.length + shared.length > 0
    return encodeMarked(plain, isMarked ? this.#marks : undefined, this.#limits)
  }

  #copy(source: unknown): unknown {
    switch (typeof source) {
      case 'string':
      case 'boolean':
        return source
      case 'number':
        return isFiniteNumber(source) ? source : null
      case 'undefined':
        push(this.#marks.undefineds, sliceList(this.#path))
        return null
      case 'object':
        return source === null ? null : this.#copyObject(source)
      default:
        return this.#throwFault(`is a ${typeof source}, which is not data`)
    }
  }

  #copyObject(source: object): unknown {
    const tag = getTag(source)
    if (tag === '[object Date]') return this.#copyDate(source as Date)
    if (isOpaque(tag)) this.#throwFault(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = source as Plain
    const data = typeof toJSON === 'function' ? apply(toJSON, source, [this.#path[this.#path.length - 1]]) : source
    return typeof data === 'object' && data !== null ? this.#copyContainer(data) : this.#copy(data)
  }

  #copyContainer(source: object): unknown {
    this.#assertNoCycle(source)
    const sharedReference = this.#seen.track(source, this.#path, this.#path.length)
    if (sharedReference !== undefined) {
      push(this.#marks.shared, sharedReference)
      return null
    }
    if (this.#path.length >= this.#limits.maxDepth) this.#throwFault(`is deeper than ${this.#limits.maxDepth} levels`)
    push(this.#ancestors, source)
    const result = isArray(source) ? this.#copyItems(source) : this.#copyMembers(source as Plain)
    pop(this.#ancestors)
    return result
  }

  #copyDate(source: Date): number | null {
    push(this.#marks.dates, sliceList(this.#path))
    const time = dateTime(source)
    return isFiniteNumber(time) ? time : null
  }

  #copyItems(source: readonly unknown[]): unknown[] {
    const items: unknown[] = []
    for (let index = 0; index < source.length; index++) push(items, this.#copyAt(source[index], index))
    return items
  }

  #copyMembers(source: Plain): Plain {
    const members: Plain = {}
    const names = keys(source)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      // `__proto__` would change a prototype if the result were merged into another object.
      if (name !== '__proto__') members[name] = this.#copyAt(source[name], name)
    }
    return members
  }

  #copyAt(source: unknown, key: string | number): unknown {
    push(this.#path, key)
    const result = this.#copy(source)
    pop(this.#path)
    return result
  }

  #assertNoCycle(source: object): void {
    for (let index = 0; index < this.#ancestors.length; index++)
      if (this.#ancestors[index] === source) this.#throwFault('refers back to an object that contains it')
  }

  #throwFault(why: string): never {
    let location = ''
    for (let index = 0; index < this.#path.length; index++) location += `/${this.#path[index]}`
    throw { fault: `${location === '' ? 'the value' : location} ${why}` } satisfies CodecFault
  }
}

/** Decodes what `encode` wrote. Marks whose path does not exist are ignored, because a guest may send any. */
export function decode(text: string): unknown {
  const [value, marks] = parseJson(text) as EncodedValue
  return marks === undefined ? value : restoreMarked(value, marks)
}

/** The content of an encoded value's JSON. */
export type EncodedValue = [value: unknown, marks?: Marks]

export function restoreMarked(value: unknown, marks: Marks): unknown {
  const root: Plain = { value }
  for (let index = 0; index < marks.dates.length; index++) {
    const slot = findSlot(root, marks.dates[index]!)
    if (slot !== undefined)
      slot.container[slot.key] = new Date((slot.container[slot.key] as number | null) ?? Number.NaN)
  }
  for (let index = 0; index < marks.undefineds.length; index++) {
    const slot = findSlot(root, marks.undefineds[index]!)
    if (slot !== undefined) slot.container[slot.key] = undefined
  }
  for (let index = 0; index < marks.shared.length; index++) {
    const [path, first] = marks.shared[index]!
    const slot = findSlot(root, path)
    const source = findSlot(root, first)
    if (slot !== undefined && source !== undefined) slot.container[slot.key] = source.container[source.key]
  }
  return root['value']
}

/** Whether an object is a builtin whose content JSON drops silently. */
export function isOpaque(tag: string): boolean {
  switch (tag) {
    case '[object Map]':
    case '[object Set]':
    case '[object WeakMap]':
    case '[object WeakSet]':
    case '[object Promise]':
    case '[object RegExp]':
    case '[object ArrayBuffer]':
      return true
    default:
      return false
  }
}

function findSlot(root: Plain, path: Path): { container: Plain; key: string | number } | undefined {
  let container = root
  let key: string | number = 'value'
  for (let index = 0; index < path.length; index++) {
    if (!hasOwn(container, key)) return undefined
    const next = container[key]
    if (typeof next !== 'object' || next === null) return undefined
    container = next as Plain
    key = path[index]!
  }
  return key === '__proto__' ? undefined : { container, key }
}
