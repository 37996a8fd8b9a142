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

/** A value that crosses between a rule and its test: JSON, and a tagged object for what JSON cannot express. */
export type SerializedValue = string | number | boolean | null | TaggedValue

/** `is` names the kind; `serialize` writes the kinds. */
export interface TaggedValue {
  readonly is: string
  readonly v?: unknown
  readonly id?: number
  readonly [more: string]: unknown
}

/** One side's treatment of values that are not simply copied. */
export interface Endpoint {
  /** Returns the other side's id of a value that came from there. */
  findRemoteId(value: object): number | undefined
  /** Keeps a value on this side. Returns the id that the other side is to use for it. */
  addReference(value: object): number
  /** Whether an object stays on this side, and the other side gets a proxy. */
  isReference(value: object): boolean
  /** Returns a value that was kept on this side. */
  getReferenced(id: number): unknown
  /** Returns the proxy of a value that stays on the other side. */
  createProxy(tagged: TaggedValue): unknown
  /** Creates an error like the serialised one. */
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
type SerializedMembers = Record<string, SerializedValue>

/**
 * Serialises a value. Data is copied. Functions, promises and objects that `isReference` selects are kept, and the other
 * side gets a proxy. An error is copied and kept.
 *
 * @throws {TypeError} if a value is a symbol, or an object that cannot be copied
 */
export function serialize(value: unknown, endpoint: Endpoint): SerializedValue {
  const seen = new NativeMap<object, number>()
  let count = 0

  function serializeValue(source: unknown): SerializedValue {
    return (typeof source === 'object' && source !== null) || typeof source === 'function'
      ? serializeObject(source)
      : serializePrimitive(source)
  }

  function serializeObject(source: object): SerializedValue {
    const id = endpoint.findRemoteId(source)
    if (id !== undefined) return { is: 'local', id }
    const tag = getTag(source)
    return serializeLeaf(source, tag, endpoint) ?? serializeContainer(source, tag)
  }

  /** A container that is met again is written as its number: objects may be shared, and may contain themselves. */
  function serializeContainer(source: object, tag: string): TaggedValue {
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

  function serializeMembers(source: object): SerializedMembers {
    const result: SerializedMembers = {}
    const names = keys(source)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (name !== '__proto__') result[name] = serializeValue((source as Members)[name])
    }
    return result
  }

  return serializeValue(value)
}

function serializePrimitive(source: unknown): SerializedValue {
  switch (typeof source) {
    case 'string':
    case 'boolean':
      return source
    case 'number':
      if (Object.is(source, -0)) return { is: 'number', v: '-0' }
      return isFiniteNumber(source) ? source : { is: 'number', v: `${source}` }
    case 'undefined':
      return { is: 'undefined' }
    case 'bigint':
      return { is: 'bigint', v: `${source}` }
    case 'symbol':
      throw new TypeError('a symbol cannot be passed between a rule and its test')
    default:
      return null
  }
}

/** Serialises an object that has no members to copy; undefined if it has. */
function serializeLeaf(source: object, tag: string, endpoint: Endpoint): TaggedValue | undefined {
  if (typeof source === 'function') return { is: 'function', id: endpoint.addReference(source) }
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
      return undefined
  }
}

/** Deserialises a value that the other side sent; references become proxies, or the values that were kept here. */
export function deserialize(value: SerializedValue, endpoint: Endpoint): unknown {
  /** Containers by the number that `serialize` gave them. */
  const seen: object[] = []

  const containerKinds: Readonly<Record<string, (value: TaggedValue) => unknown>> = {
    seen: ({ v }) => seen[v as number],
    error: (serialized) =>
      defineMembers(remember(endpoint.createError(serialized as SerializedError)), serialized.v as SerializedMembers),
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
    data: ({ v }) => defineMembers(remember({}), v as SerializedMembers),
  }

  function deserializeValue(serialized: SerializedValue): unknown {
    if (typeof serialized !== 'object' || serialized === null) return serialized
    const { is } = serialized
    if (hasOwn(leafKinds, is)) return leafKinds[is]!(serialized, endpoint)
    return hasOwn(containerKinds, is) ? containerKinds[is]!(serialized) : endpoint.createProxy(serialized)
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

  function defineMembers(object: object, from: SerializedMembers): object {
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

const leafKinds: Readonly<Record<string, (value: TaggedValue, endpoint: Endpoint) => unknown>> = {
  undefined: () => undefined,
  number: ({ v }) => (v === '-0' ? -0 : Number(v)),
  bigint: ({ v }) => BigInt(v as string),
  date: ({ v }) => new NativeDate((v as number | null) ?? Number.NaN),
  regexp: ({ v }) => new RegExp((v as string[])[0]!, (v as string[])[1]),
  bytes: ({ v }, { toBytes }) => toBytes(v as string),
  local: ({ id = 0 }, endpoint) => endpoint.getReferenced(id),
}
