import {
  NativeDate,
  NativeMap,
  dateTime,
  defineProperty,
  hasOwn,
  isArray,
  isFiniteNumber,
  keys,
  mapGet,
  mapSet,
  push,
  stringOf,
  tagOf,
} from './primordials.ts'

/** A value on its way between a rule and its test: JSON, with a tag where JSON has no word. */
export type Told = string | number | boolean | null | Tagged

/** `is` names the kind: see `tell`. */
export interface Tagged {
  readonly is: string
  readonly v?: unknown
  readonly id?: number
  readonly [more: string]: unknown
}

/** What one side of the border does with values that are not simply copied. */
export interface Side {
  /** What the other side knows a value by, where it came from there. */
  homeOf(value: object): number | undefined
  /** Keeps a value here; answers the number that the other side is to know it by. */
  keep(value: object): number
  /** Whether an object stays here, and the other side gets a handle on it. */
  stays(value: object): boolean
  /** A value that was kept here comes home. */
  home(id: number): unknown
  /** What stands here for a value that stays on the other side. */
  handle(tagged: Tagged): unknown
  /** An error like the one that was told. */
  error(told: ToldError): Error
  readonly toBase64: (bytes: Uint8Array) => string
  readonly toBytes: (base64: string) => Uint8Array
}

export interface ToldError extends Tagged {
  readonly name: string
  readonly message: string
  readonly stack?: string
}

type Members = Record<string, unknown>

/**
 * Tells a value: data is copied, functions, promises and what `stays` are kept and told as handles, and errors are both.
 *
 * Throws a TypeError where a value is a symbol or a kind of object that cannot be copied.
 */
export function tell(value: unknown, side: Side): Told {
  const met = new NativeMap<object, number>()
  let count = 0

  function told(one: unknown): Told {
    switch (typeof one) {
      case 'string':
      case 'boolean':
        return one
      case 'number':
        return isFiniteNumber(one) && !Object.is(one, -0)
          ? one
          : { is: 'number', v: Object.is(one, -0) ? '-0' : `${one}` }
      case 'undefined':
        return { is: 'undefined' }
      case 'bigint':
        return { is: 'bigint', v: `${one}` }
      case 'symbol':
        throw new TypeError('a symbol cannot be handed over between a rule and its test')
      default:
        return one === null ? null : toldObject(one as object)
    }
  }

  function toldObject(one: object): Told {
    const id = side.homeOf(one)
    if (id !== undefined) return { is: 'home', id }
    if (typeof one === 'function') return { is: 'function', id: side.keep(one) }
    const tag = tagOf(one)
    switch (tag) {
      case '[object Promise]':
        return { is: 'promise', id: side.keep(one) }
      case '[object Date]': {
        const time = dateTime(one)
        return { is: 'date', v: isFiniteNumber(time) ? time : null }
      }
      case '[object RegExp]':
        return { is: 'regexp', v: [(one as RegExp).source, (one as RegExp).flags] }
      case '[object Uint8Array]':
        return { is: 'bytes', v: side.toBase64(one as Uint8Array) }
      default:
        return toldOnce(one, tag)
    }
  }

  function toldOnce(one: object, tag: string): Told {
    const first = mapGet(met, one)
    if (first !== undefined) return { is: 'again', v: first }
    if (tag !== '[object Error]' && side.stays(one)) return { is: 'object', id: side.keep(one) }
    mapSet(met, one, count++)
    if (tag === '[object Error]') return toldError(one as Error)
    if (isArray(one)) return { is: 'list', v: items(one) }
    if (tag === '[object Map]') return { is: 'map', v: items([...(one as Map<unknown, unknown>)].flat(1)) }
    if (tag === '[object Set]') return { is: 'set', v: items([...(one as Set<unknown>)]) }
    return { is: 'data', v: members(one) }
  }

  function toldError(error: Error): ToldError {
    const id = side.keep(error)
    const { name, message, stack } = error
    const text = { name: stringOf(name), message: stringOf(message) }
    return { is: 'error', id, ...text, ...(typeof stack === 'string' ? { stack } : {}), v: members(error) }
  }

  function items(list: readonly unknown[]): Told[] {
    const found: Told[] = []
    for (let index = 0; index < list.length; index++) push(found, told(list[index]))
    return found
  }

  function members(one: object): Record<string, Told> {
    const found: Record<string, Told> = {}
    const names = keys(one)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (name !== '__proto__') found[name] = told((one as Members)[name])
    }
    return found
  }

  return told(value)
}

/** Makes of what was told what it stands for on this side. */
export function hear(value: Told, side: Side): unknown {
  const met: object[] = []

  const kinds: Readonly<Record<string, (told: Tagged) => unknown>> = {
    undefined: () => undefined,
    number: ({ v }) => (v === '-0' ? -0 : Number(v)),
    bigint: ({ v }) => BigInt(v as string),
    date: ({ v }) => new NativeDate((v as number | null) ?? Number.NaN),
    regexp: ({ v }) => new RegExp((v as string[])[0]!, (v as string[])[1]),
    bytes: ({ v }) => side.toBytes(v as string),
    home: ({ id = 0 }) => side.home(id),
    again: ({ v }) => met[v as number],
    error: (told) => fill(remembered(side.error(told as ToldError)), told.v as Record<string, Told>),
    list: ({ v }) => fillList(v as Told[]),
    map({ v }) {
      const map = remembered(new Map<unknown, unknown>())
      const flat = v as Told[]
      for (let index = 0; index < flat.length; index += 2) map.set(heard(flat[index]!), heard(flat[index + 1]!))
      return map
    },
    set({ v }) {
      const set = remembered(new Set<unknown>())
      for (const item of v as Told[]) set.add(heard(item))
      return set
    },
    data: ({ v }) => fill(remembered({}), v as Record<string, Told>),
  }

  function heard(told: Told): unknown {
    if (typeof told !== 'object' || told === null) return told
    return hasOwn(kinds, told.is) ? kinds[told.is]!(told) : side.handle(told)
  }

  function remembered<T extends object>(object: T): T {
    push(met, object)
    return object
  }

  function fillList(list: readonly Told[]): unknown[] {
    const found = remembered<unknown[]>([])
    for (let index = 0; index < list.length; index++) push(found, heard(list[index]!))
    return found
  }

  function fill(object: object, from: Record<string, Told>): object {
    const names = keys(from)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (!hasOwn(from, name)) continue
      const member = { value: heard(from[name]!), writable: true, enumerable: true, configurable: true }
      defineProperty(object, name, member)
    }
    return object
  }

  return heard(value)
}
