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
import { type SharedReference, type Path, createSeenObjects } from './seen-objects.ts'

/**
 * Values that cross the process border, as one JSON text: `[value]`, or `[value, marks]` where JSON has no word for what
 * stands at a path.
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

/** Why a value cannot cross. Thrown by the writers; the caller says whose fault it was. */
export interface CodecFault {
  readonly fault: string
}

/** Writes a value that JSON has words for, and the marks for what it has not. */
export function encodeMarked(value: unknown, marks: Marks | undefined, limits: CodecLimits): string {
  const text = toJson(marks === undefined ? [value] : [value, marks])
  if (text.length > limits.maxLength)
    throw { fault: `it is larger than ${limits.maxLength} bytes` } satisfies CodecFault
  return text
}

/** Writes any data; throws a `CodecFault` where it is no data, too deep, or too large. */
export function encode(value: unknown, limits: CodecLimits): string {
  const marks: Marks = { dates: [], undefineds: [], shared: [] }
  const seen = createSeenObjects()
  const path: Path = []
  const ancestors: object[] = []

  function copy(source: unknown): unknown {
    switch (typeof source) {
      case 'string':
      case 'boolean':
        return source
      case 'number':
        return isFiniteNumber(source) ? source : null
      case 'undefined':
        push(marks.undefineds, sliceList(path))
        return null
      case 'object':
        return source === null ? null : copyObject(source)
      default:
        return throwFault(`is a ${typeof source}, which is not data`)
    }
  }

  function copyObject(source: object): unknown {
    const tag = getTag(source)
    if (tag === '[object Date]') return copyDate(source as Date)
    if (isOpaque(tag)) throwFault(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = source as Plain
    const data = typeof toJSON === 'function' ? apply(toJSON, source, [path[path.length - 1]]) : source
    return typeof data === 'object' && data !== null ? copyData(data) : copy(data)
  }

  function copyData(source: object): unknown {
    if (ancestors.includes(source)) throwFault('refers back to an object that contains it')
    const sharedReference = seen.track(source, path, path.length)
    if (sharedReference !== undefined) {
      push(marks.shared, sharedReference)
      return null
    }
    if (path.length >= limits.maxDepth) throwFault(`is deeper than ${limits.maxDepth} levels`)
    push(ancestors, source)
    const result = isArray(source) ? copyItems(source) : copyMembers(source as Plain)
    pop(ancestors)
    return result
  }

  function copyDate(source: Date): number | null {
    push(marks.dates, sliceList(path))
    const time = dateTime(source)
    return isFiniteNumber(time) ? time : null
  }

  function copyItems(source: readonly unknown[]): unknown[] {
    const items: unknown[] = []
    for (let index = 0; index < source.length; index++) push(items, copyAt(source[index], index))
    return items
  }

  function copyMembers(source: Plain): unknown {
    const members: Plain = {}
    const names = keys(source)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      // A key that would change a prototype wherever the result is merged is no data of a profile.
      if (name !== '__proto__') members[name] = copyAt(source[name], name)
    }
    return members
  }

  function copyAt(source: unknown, key: string | number): unknown {
    push(path, key)
    const result = copy(source)
    pop(path)
    return result
  }

  function throwFault(why: string): never {
    let location = ''
    for (let index = 0; index < path.length; index++) location += `/${path[index]}`
    throw { fault: `${location === '' ? 'the value' : location} ${why}` } satisfies CodecFault
  }

  const plain = copy(value)
  const isMarked = marks.dates.length + marks.undefineds.length + marks.shared.length > 0
  return encodeMarked(plain, isMarked ? marks : undefined, limits)
}

/** Restores what was written. A mark that leads nowhere is passed over: a host must not stumble over what a guest sends. */
export function decode(text: string): unknown {
  const [value, marks] = parseJson(text) as EncodedValue
  return marks === undefined ? value : restoreMarked(value, marks)
}

/** What the text of a value holds. */
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

/** Builtins whose content JSON would lose without a word. */
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
