import { Buffer } from 'buffer'
import {
  type Endpoint,
  type TaggedValue,
  type SerializedValue,
  type SerializedError,
  deserialize,
  serialize,
} from '../../wire/serialize.ts'
import type { StubScope } from '../../wire/stub-port.ts'
import { type StubbedValues, openGlobal, overrideScope } from './override-scope.ts'
import type { Ops } from '../driver/ops.ts'
import {
  NativeError,
  NativeMap,
  NativePromise,
  NativeTypeError,
  apply,
  arrayPrototype,
  chain,
  defineProperty,
  deleteProperty,
  mapGet,
  mapSet,
  objectPrototype,
  parseJson,
  push,
  toText,
  toJson,
} from '../../wire/primordials.ts'
import type { RuleScope } from '../driver/rule-scope.ts'

/** Values of a test's process in the realm of the rule that it tests: each use of one asks that process, and waits. */
export interface Stubs {
  /** Begins a login: forgets the values of the last one, and puts those of this one into the scope of its rules. */
  open(stubbed: StubScope, scope: RuleScope): RuleScope
  /** Tells the test what a rule failed with, before it becomes a text. */
  reportFailure(error: unknown): void
}

/** A function of the rule's that the test calls. */
interface StubCall {
  readonly call: number
  readonly self: SerializedValue
  readonly args: readonly SerializedValue[]
}

type StubAnswer = StubCall | { readonly ok: boolean; readonly value: SerializedValue }
type AnyFunction = (...args: unknown[]) => unknown

const builtins: Readonly<Record<string, object>> = {
  Object: objectPrototype,
  Array: arrayPrototype,
  Function: Function.prototype,
  Error: Error.prototype,
}
const errors: Readonly<Record<string, ErrorConstructor>> = {
  TypeError: NativeTypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
}

export function createStubs(ops: Ops): Stubs {
  let lastId = 0
  let localValues = new NativeMap<number, object>()
  let localIds = new NativeMap<object, number>()
  /** What stands here for values of the test's, and the numbers that it knows them by. */
  let proxies = new NativeMap<number, object>()
  let remoteIds = new NativeMap<object, number>()
  let isListening = false

  const endpoint: Endpoint = {
    findRemoteId: (value) => mapGet(remoteIds, value),
    addReference(value) {
      const existingId = mapGet(localIds, value)
      if (existingId !== undefined) return existingId
      const id = ++lastId
      mapSet(localValues, id, value)
      mapSet(localIds, value, id)
      if (typeof value === 'function') listen()
      else if (value instanceof NativePromise) forwardSettlement(id, value)
      return id
    },
    isReference: () => false,
    getReferenced: (id) => mapGet(localValues, id),
    createProxy(tagged) {
      const { id = 0 } = tagged
      if (tagged.is === 'builtin') return builtins[tagged.v as string]
      if (tagged.is === 'constructor') return builtins[tagged.v as string]?.constructor
      const existing = mapGet(proxies, id)
      if (existing !== undefined) return existing
      return remember(id, tagged.is === 'promise' ? createRemotePromise(id) : createProxy(id, tagged))
    },
    createError({ id = 0, name, message, stack }: SerializedError) {
      const error = new (errors[name] ?? NativeError)(message)
      if (error.name !== name) define(error, 'name', name)
      if (stack !== undefined) define(error, 'stack', stack)
      return remember(id, error) as Error
    },
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    toBytes: (text) => Buffer.from(text, 'base64'),
  }

  function remember(id: number, value: object): object {
    mapSet(proxies, id, value)
    mapSet(remoteIds, value, id)
    return value
  }

  /** Asks the test, and does what it wants done before it answers. */
  function ask(message: object): unknown {
    let text = ops.ask('stub', toJson(message))
    for (;;) {
      const answer = parseJson(text) as StubAnswer
      if (!('call' in answer)) {
        const value = deserialize(answer.value, endpoint)
        if (answer.ok) return value
        throw value
      }
      text = ops.ask('stub', toJson(callLocal(answer).reply))
    }
  }

  function callLocal({ call, self, args }: StubCall): {
    readonly reply: object
    readonly failure?: { readonly error: unknown }
  } {
    try {
      const callArguments = deserialize({ is: 'list', v: args }, endpoint) as unknown[]
      const result = apply(mapGet(localValues, call) as AnyFunction, deserialize(self, endpoint), callArguments)
      return { reply: { do: 'returned', ok: true, value: serialize(result, endpoint) } }
    } catch (error) {
      return { reply: { do: 'returned', ok: false, value: serialize(error, endpoint) }, failure: { error } }
    }
  }

  /** The test may call functions of the rule's at any time: this is how it gets in. */
  function listen(): void {
    if (isListening) return
    isListening = true
    ops.beginWith('stub.calls', '', (ok, body) => {
      isListening = false
      if (!ok) return
      listen()
      const { reply, failure } = callLocal(parseJson(body) as StubCall)
      ask(reply)
      // As in Node, nobody is there to catch it.
      if (failure !== undefined) throw failure.error
    })
  }

  function createRemotePromise(id: number): Promise<unknown> {
    return new NativePromise((resolve, reject) => {
      ops.beginWith('stub.settled', `${id}`, (ok, body) => {
        if (!ok) {
          reject(new NativeError((parseJson(body) as { message: string }).message))
          return
        }
        const settlement = parseJson(body) as { ok: boolean; value: SerializedValue }
        const settle = settlement.ok ? resolve : reject
        settle(deserialize(settlement.value, endpoint))
      })
    })
  }

  function forwardSettlement(id: number, promise: Promise<unknown>): void {
    const createSettler = (ok: boolean) => (value: unknown) =>
      ask({ do: 'settled', id, ok, value: serialize(value, endpoint) })
    void chain(promise, createSettler(true), createSettler(false))
  }

  function createProxy(id: number, { is }: TaggedValue): object {
    const formatKey = (key: PropertyKey): string => (typeof key === 'symbol' ? `@@${key.description}` : toText(key))
    const serializeArguments = (args: readonly unknown[]): SerializedValue[] => {
      const list: SerializedValue[] = []
      for (let index = 0; index < args.length; index++) push(list, serialize(args[index], endpoint))
      return list
    }
    return new Proxy(is === 'function' ? createBareFunction() : {}, {
      get: (_, key) => ask({ do: 'get', id, key: formatKey(key) }),
      set(_, key, value) {
        ask({ do: 'set', id, key: formatKey(key), value: serialize(value, endpoint) })
        return true
      },
      has: (_, key) => ask({ do: 'has', id, key: formatKey(key) }) as boolean,
      deleteProperty: (_, key) => ask({ do: 'delete', id, key: formatKey(key) }) as boolean,
      ownKeys: () => ask({ do: 'keys', id }) as string[],
      getOwnPropertyDescriptor(_, key) {
        const own = ask({ do: 'own', id, key: formatKey(key) }) as [value: unknown, enumerable: boolean] | undefined
        return own && { value: own[0], enumerable: own[1], writable: true, configurable: true }
      },
      getPrototypeOf: () => ask({ do: 'prototype', id }) as object | null,
      apply(_, self: unknown, args: unknown[]) {
        const remoteId =
          typeof self === 'object' || typeof self === 'function' ? mapGet(remoteIds, self as object) : undefined
        return ask({
          do: 'call',
          id,
          self: remoteId === undefined ? null : { is: 'local', id: remoteId },
          args: serializeArguments(args),
        })
      },
      construct: (_, args) => ask({ do: 'new', id, args: serializeArguments(args) }) as object,
    })
  }

  return {
    open({ values, global }, scope) {
      localValues = new NativeMap()
      localIds = new NativeMap()
      proxies = new NativeMap()
      remoteIds = new NativeMap()
      isListening = false
      return overrideScope(deserialize(values, endpoint) as StubbedValues, {
        ...scope,
        global: openGlobal(scope, global),
      })
    },
    reportFailure(error) {
      ask({ do: 'failed', value: serialize(error, endpoint) })
    },
  }
}

/** A function that can be constructed and has no property of its own which a proxy would have to own up to. */
function createBareFunction(): object {
  // oxlint-disable-next-line no-extra-bind -- a bound function has no prototype of its own, and can be constructed
  const bare = function bare(): void {}.bind(undefined) as unknown as object
  deleteProperty(bare, 'name')
  deleteProperty(bare, 'length')
  return bare
}

function define(object: object, name: string, value: unknown): void {
  defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true })
}
