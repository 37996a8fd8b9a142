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
  tagOf,
  toJson,
} from './primordials.ts'
import { type Again, type Path, createMet } from './met.ts'

/**
 * Values that cross the process border, as one JSON text: `[value]`, or `[value, marks]` where JSON has no word for what
 * stands at a path.
 */
export interface Marks {
  /** Paths of `Date` objects; the value there is a time in ms or ISO text, or null for an invalid date. */
  readonly dates: Path[]
  /** Paths of `undefined`. */
  readonly undefineds: Path[]
  readonly shared: Again[]
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
  const met = createMet()
  const path: Path = []
  const open: object[] = []

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
        return refuse(`is a ${typeof source}, which is not data`)
    }
  }

  function copyObject(source: object): unknown {
    const tag = tagOf(source)
    if (tag === '[object Date]') return copyDate(source as Date)
    if (isOpaque(tag)) refuse(`is a ${sliceText(tag, 8, -1)}, which is not data`)
    const { toJSON } = source as Plain
    const data = typeof toJSON === 'function' ? apply(toJSON, source, [path[path.length - 1]]) : source
    return typeof data === 'object' && data !== null ? copyData(data) : copy(data)
  }

  function copyData(source: object): unknown {
    if (open.includes(source)) refuse('refers back to an object that contains it')
    const again = met.meet(source, path, path.length)
    if (again !== undefined) {
      push(marks.shared, again)
      return null
    }
    if (path.length >= limits.maxDepth) refuse(`is deeper than ${limits.maxDepth} levels`)
    push(open, source)
    const result = isArray(source) ? copyItems(source) : copyMembers(source as Plain)
    pop(open)
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

  function refuse(why: string): never {
    let place = ''
    for (let index = 0; index < path.length; index++) place += `/${path[index]}`
    throw { fault: `${place === '' ? 'the value' : place} ${why}` } satisfies CodecFault
  }

  const plain = copy(value)
  const isMarked = marks.dates.length + marks.undefineds.length + marks.shared.length > 0
  return encodeMarked(plain, isMarked ? marks : undefined, limits)
}

/** Restores what was written. A mark that leads nowhere is passed over: a host must not stumble over what a guest sends. */
export function decode(text: string): unknown {
  const [value, marks] = parseJson(text) as Written
  return marks === undefined ? value : restoreMarked(value, marks)
}

/** What the text of a value holds. */
export type Written = [value: unknown, marks?: Marks]

export function restoreMarked(value: unknown, marks: Marks): unknown {
  const root: Plain = { value }
  for (let index = 0; index < marks.dates.length; index++) {
    const place = placeOf(root, marks.dates[index]!)
    if (place !== undefined)
      place.holder[place.key] = new Date((place.holder[place.key] as number | null) ?? Number.NaN)
  }
  for (let index = 0; index < marks.undefineds.length; index++) {
    const place = placeOf(root, marks.undefineds[index]!)
    if (place !== undefined) place.holder[place.key] = undefined
  }
  for (let index = 0; index < marks.shared.length; index++) {
    const [path, first] = marks.shared[index]!
    const place = placeOf(root, path)
    const source = placeOf(root, first)
    if (place !== undefined && source !== undefined) place.holder[place.key] = source.holder[source.key]
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

function placeOf(root: Plain, path: Path): { holder: Plain; key: string | number } | undefined {
  let holder = root
  let key: string | number = 'value'
  for (let index = 0; index < path.length; index++) {
    if (!hasOwn(holder, key)) return undefined
    const next = holder[key]
    if (typeof next !== 'object' || next === null) return undefined
    holder = next as Plain
    key = path[index]!
  }
  return key === '__proto__' ? undefined : { holder, key }
}
