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
  toText,
  getTag,
} from './primordials.ts'

/** A value on its way between a rule and its test: JSON, with a tag where JSON has no word. */
export type SerializedValue = string | number | boolean | null | TaggedValue

/** `is` names the kind: see `tell`. */
export interface TaggedValue {
  readonly is: string
  readonly v?: unknown
  readonly id?: number
  readonly [more: string]: unknown
}

/** What one side of the border does with values that are not simply copied. */
export interface Endpoint {
  /** What the other side knows a value by, where it came from there. */
  findRemoteId(value: object): number | undefined
  /** Keeps a value here; answers the number that the other side is to know it by. */
  addReference(value: object): number
  /** Whether an object stays here, and the other side gets a handle on it. */
  isReference(value: object): boolean
  /** A value that was kept here comes home. */
  getReferenced(id: number): unknown
  /** What stands here for a value that stays on the other side. */
  createProxy(tagged: TaggedValue): unknown
  /** An error like the one that was told. */
  createError(value: SerializedError): Error
  readonly toBase64: (bytes: Uint8Array) => string
  readonly toBytes: (base64: string) => Uint8Array
}

export interface SerializedError extends TaggedValue {
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
export function serialize(value: unknown, endpoint: Endpoint): SerializedValue {
  const seen = new NativeMap<object, number>()
  let count = 0

  function serializeValue(source: unknown): SerializedValue {
    switch (typeof source) {
      case 'string':
      case 'boolean':
        return source
      case 'number':
        return isFiniteNumber(source) && !Object.is(source, -0)
          ? source
          : { is: 'number', v: Object.is(source, -0) ? '-0' : `${source}` }
      case 'undefined':
        return { is: 'undefined' }
      case 'bigint':
        return { is: 'bigint', v: `${source}` }
      case 'symbol':
        throw new TypeError('a symbol cannot be handed over between a rule and its test')
      default:
        return source === null ? null : serializeObject(source as object)
    }
  }

  function serializeObject(source: object): SerializedValue {
    const id = endpoint.findRemoteId(source)
    if (id !== undefined) return { is: 'local', id }
    if (typeof source === 'function') return { is: 'function', id: endpoint.addReference(source) }
    const tag = getTag(source)
    switch (tag) {
      case '[object Promise]':
        return { is: 'promise', id: endpoint.addReference(source) }
      case '[object Date]': {
        const time = dateTime(source)
        return { is: 'date', v: isFiniteNumber(time) ? time : null }
      }
      case '[object RegExp]':
        return { is: 'regexp', v: [(source as RegExp).source, (source as RegExp).flags] }
      case '[object Uint8Array]':
        return { is: 'bytes', v: endpoint.toBase64(source as Uint8Array) }
      default:
        return serializeUnlessSeen(source, tag)
    }
  }

  function serializeUnlessSeen(source: object, tag: string): SerializedValue {
    const seenIndex = mapGet(seen, source)
    if (seenIndex !== undefined) return { is: 'seen', v: seenIndex }
    if (tag !== '[object Error]' && endpoint.isReference(source))
      return { is: 'object', id: endpoint.addReference(source) }
    mapSet(seen, source, count++)
    if (tag === '[object Error]') return serializeErrorObject(source as Error)
    if (isArray(source)) return { is: 'list', v: serializeItems(source) }
    if (tag === '[object Map]') return { is: 'map', v: serializeItems([...(source as Map<unknown, unknown>)].flat(1)) }
    if (tag === '[object Set]') return { is: 'set', v: serializeItems([...(source as Set<unknown>)]) }
    return { is: 'data', v: serializeMembers(source) }
  }

  function serializeErrorObject(error: Error): SerializedError {
    const id = endpoint.addReference(error)
    const { name, message, stack } = error
    const text = { name: toText(name), message: toText(message) }
    return { is: 'error', id, ...text, ...(typeof stack === 'string' ? { stack } : {}), v: serializeMembers(error) }
  }

  function serializeItems(list: readonly unknown[]): SerializedValue[] {
    const result: SerializedValue[] = []
    for (let index = 0; index < list.length; index++) push(result, serializeValue(list[index]))
    return result
  }

  function serializeMembers(source: object): Record<string, SerializedValue> {
    const result: Record<string, SerializedValue> = {}
    const names = keys(source)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (name !== '__proto__') result[name] = serializeValue((source as Members)[name])
    }
    return result
  }

  return serializeValue(value)
}

/** Makes of what was told what it stands for on this side. */
export function deserialize(value: SerializedValue, endpoint: Endpoint): unknown {
  const seen: object[] = []

  const kinds: Readonly<Record<string, (value: TaggedValue) => unknown>> = {
    undefined: () => undefined,
    number: ({ v }) => (v === '-0' ? -0 : Number(v)),
    bigint: ({ v }) => BigInt(v as string),
    date: ({ v }) => new NativeDate((v as number | null) ?? Number.NaN),
    regexp: ({ v }) => new RegExp((v as string[])[0]!, (v as string[])[1]),
    bytes: ({ v }) => endpoint.toBytes(v as string),
    local: ({ id = 0 }) => endpoint.getReferenced(id),
    seen: ({ v }) => seen[v as number],
    error: (serialized) =>
      defineMembers(
        remember(endpoint.createError(serialized as SerializedError)),
        serialized.v as Record<string, SerializedValue>,
      ),
    list: ({ v }) => deserializeItems(v as SerializedValue[]),
    map({ v }) {
      const map = remember(new Map<unknown, unknown>())
      const flat = v as SerializedValue[]
      for (let index = 0; index < flat.length; index += 2)
        map.set(deserializeValue(flat[index]!), deserializeValue(flat[index + 1]!))
      return map
    },
    set({ v }) {
      const set = remember(new Set<unknown>())
      for (const item of v as SerializedValue[]) set.add(deserializeValue(item))
      return set
    },
    data: ({ v }) => defineMembers(remember({}), v as Record<string, SerializedValue>),
  }

  function deserializeValue(serialized: SerializedValue): unknown {
    if (typeof serialized !== 'object' || serialized === null) return serialized
    return hasOwn(kinds, serialized.is) ? kinds[serialized.is]!(serialized) : endpoint.createProxy(serialized)
  }

  function remember<T extends object>(object: T): T {
    push(seen, object)
    return object
  }

  function deserializeItems(list: readonly SerializedValue[]): unknown[] {
    const result = remember<unknown[]>([])
    for (let index = 0; index < list.length; index++) push(result, deserializeValue(list[index]!))
    return result
  }

  function defineMembers(object: object, from: Record<string, SerializedValue>): object {
    const names = keys(from)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (!hasOwn(from, name)) continue
      const member = { value: deserializeValue(from[name]!), writable: true, enumerable: true, configurable: true }
      defineProperty(object, name, member)
    }
    return object
  }

  return deserializeValue(value)
}
