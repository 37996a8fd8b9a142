import { Buffer } from 'buffer'
import { type Side, type Tagged, type Told, type ToldError, hear, tell } from '../../wire/told.ts'
import type { StubbedScope } from '../../wire/stub-port.ts'
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
  hasOwn,
  mapGet,
  mapSet,
  objectPrototype,
  parseJson,
  push,
  stringOf,
  toJson,
} from '../../wire/primordials.ts'
import type { RuleScope } from '../driver/turn.ts'

/** Values of a test's process in the realm of the rule that it tests: each use of one asks that process, and waits. */
export interface Stubs {
  /** Begins a login: forgets the values of the last one, and puts those of this one into the scope of its rules. */
  open(stubbed: StubbedScope, scope: RuleScope): RuleScope
  /** Tells the test what a rule failed with, before it becomes a text. */
  failed(error: unknown): void
}

/** A function of the rule's that the test calls. */
interface Call {
  readonly call: number
  readonly self: Told
  readonly args: readonly Told[]
}

type Answer = Call | { readonly ok: boolean; readonly value: Told }
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
  let kept = new NativeMap<number, object>()
  let keptIds = new NativeMap<object, number>()
  /** What stands here for values of the test's, and the numbers that it knows them by. */
  let handles = new NativeMap<number, object>()
  let homes = new NativeMap<object, number>()
  let listening = false

  const side: Side = {
    homeOf: (value) => mapGet(homes, value),
    keep(value) {
      const known = mapGet(keptIds, value)
      if (known !== undefined) return known
      const id = ++lastId
      mapSet(kept, id, value)
      mapSet(keptIds, value, id)
      if (typeof value === 'function') listen()
      else if (value instanceof NativePromise) follow(id, value)
      return id
    },
    stays: () => false,
    home: (id) => mapGet(kept, id),
    handle(tagged) {
      const { id = 0 } = tagged
      if (tagged.is === 'builtin') return builtins[tagged.v as string]
      if (tagged.is === 'constructor') return builtins[tagged.v as string]?.constructor
      const known = mapGet(handles, id)
      if (known !== undefined) return known
      return remember(id, tagged.is === 'promise' ? promised(id) : handleOn(id, tagged))
    },
    error({ id = 0, name, message, stack }: ToldError) {
      const error = new (errors[name] ?? NativeError)(message)
      if (error.name !== name) define(error, 'name', name)
      if (stack !== undefined) define(error, 'stack', stack)
      return remember(id, error) as Error
    },
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    toBytes: (text) => Buffer.from(text, 'base64'),
  }

  function remember(id: number, value: object): object {
    mapSet(handles, id, value)
    mapSet(homes, value, id)
    return value
  }

  /** Asks the test, and does what it wants done before it answers. */
  function ask(message: object): unknown {
    let text = ops.ask('stub', toJson(message))
    for (;;) {
      const answer = parseJson(text) as Answer
      if (!('call' in answer)) {
        const value = hear(answer.value, side)
        if (answer.ok) return value
        throw value
      }
      text = ops.ask('stub', toJson(run(answer).told))
    }
  }

  function run({ call, self, args }: Call): { readonly told: object; readonly thrown?: { readonly error: unknown } } {
    try {
      const given = hear({ is: 'list', v: args }, side) as unknown[]
      const result = apply(mapGet(kept, call) as AnyFunction, hear(self, side), given)
      return { told: { do: 'returned', ok: true, value: tell(result, side) } }
    } catch (error) {
      return { told: { do: 'returned', ok: false, value: tell(error, side) }, thrown: { error } }
    }
  }

  /** The test may call functions of the rule's at any time: this is how it gets in. */
  function listen(): void {
    if (listening) return
    listening = true
    ops.beginWith('stub.calls', '', (ok, body) => {
      listening = false
      if (!ok) return
      listen()
      const { told, thrown } = run(parseJson(body) as Call)
      ask(told)
      // As in Node, nobody is there to catch it.
      if (thrown !== undefined) throw thrown.error
    })
  }

  function promised(id: number): Promise<unknown> {
    return new NativePromise((resolve, reject) => {
      ops.beginWith('stub.settled', `${id}`, (ok, body) => {
        if (!ok) {
          reject(new NativeError((parseJson(body) as { message: string }).message))
          return
        }
        const settled = parseJson(body) as { ok: boolean; value: Told }
        const settle = settled.ok ? resolve : reject
        settle(hear(settled.value, side))
      })
    })
  }

  function follow(id: number, promise: Promise<unknown>): void {
    const settled = (ok: boolean) => (value: unknown) => ask({ do: 'settled', id, ok, value: tell(value, side) })
    void chain(promise, settled(true), settled(false))
  }

  function handleOn(id: number, { is }: Tagged): object {
    const named = (key: PropertyKey): string => (typeof key === 'symbol' ? `@@${key.description}` : stringOf(key))
    const told = (args: readonly unknown[]): Told[] => {
      const list: Told[] = []
      for (let index = 0; index < args.length; index++) push(list, tell(args[index], side))
      return list
    }
    return new Proxy(is === 'function' ? bareFunction() : {}, {
      get: (_, key) => ask({ do: 'get', id, key: named(key) }),
      set(_, key, value) {
        ask({ do: 'set', id, key: named(key), value: tell(value, side) })
        return true
      },
      has: (_, key) => ask({ do: 'has', id, key: named(key) }) as boolean,
      deleteProperty: (_, key) => ask({ do: 'delete', id, key: named(key) }) as boolean,
      ownKeys: () => ask({ do: 'keys', id }) as string[],
      getOwnPropertyDescriptor(_, key) {
        const own = ask({ do: 'own', id, key: named(key) }) as [value: unknown, enumerable: boolean] | undefined
        return own && { value: own[0], enumerable: own[1], writable: true, configurable: true }
      },
      getPrototypeOf: () => ask({ do: 'prototype', id }) as object | null,
      apply(_, self: unknown, args: unknown[]) {
        const known = typeof self === 'object' || typeof self === 'function' ? mapGet(homes, self as object) : undefined
        return ask({ do: 'call', id, self: known === undefined ? null : { is: 'home', id: known }, args: told(args) })
      },
      construct: (_, args) => ask({ do: 'new', id, args: told(args) }) as object,
    })
  }

  return {
    open({ values, global }, scope) {
      kept = new NativeMap()
      keptIds = new NativeMap()
      handles = new NativeMap()
      homes = new NativeMap()
      listening = false
      return scopeWith(hear(values, side) as StubbedValues, { ...scope, global: globalOf(scope, global) })
    },
    failed(error) {
      ask({ do: 'failed', value: tell(error, side) })
    },
  }
}

function globalOf({ global: shared }: RuleScope, name: string): object {
  const globals = shared as Record<string, object>
  if (!hasOwn(globals, name)) globals[name] = {}
  return globals[name]!
}

interface StubbedValues {
  readonly names: Readonly<Record<string, unknown>>
  readonly modules: Readonly<Record<string, unknown>>
}

/** What a test brings goes before what a rule would find; a module counts for every version of it that is asked for. */
function scopeWith({ names, modules }: StubbedValues, scope: RuleScope): RuleScope {
  const require = (hasOwn(names, 'require') ? names['require'] : scope.require) as (name: unknown) => unknown
  return {
    configuration: (hasOwn(names, 'configuration') ? names['configuration'] : scope.configuration) as object,
    auth0: (hasOwn(names, 'auth0') ? names['auth0'] : scope.auth0) as object,
    global: (hasOwn(names, 'global') ? names['global'] : scope.global) as object,
    require(name: unknown) {
      const asked = stringOf(name)
      if (hasOwn(modules, asked)) return modules[asked]
      const bare = asked.replace(/(?<=.)@[^/]+/, '')
      return hasOwn(modules, bare) ? modules[bare] : require(name)
    },
    names,
  }
}

/** A function that can be constructed and has no property of its own which a proxy would have to own up to. */
function bareFunction(): object {
  // oxlint-disable-next-line no-extra-bind -- a bound function has no prototype of its own, and can be constructed
  const bare = function bare(): void {}.bind(undefined) as unknown as object
  deleteProperty(bare, 'name')
  deleteProperty(bare, 'length')
  return bare
}

function define(object: object, name: string, value: unknown): void {
  defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true })
}
