import { Buffer } from 'buffer'
import {
  NativeError,
  NativePromise,
  NativeTypeError,
  arrayPrototype,
  defineProperty,
  objectPrototype,
} from '../../wire/primordials.ts'
import { type Endpoint, type SerializedError, deserialize, serialize } from '../../wire/serialize.ts'
import type { StubScope } from '../../wire/stub-port.ts'
import type { Ops } from '../driver/ops.ts'
import type { RuleScope } from '../driver/rule-scope.ts'
import { type StubbedValues, openGlobal, overrideScope } from './override-scope.ts'
import { createReferenceTable } from './reference-table.ts'
import { createRemoteObject } from './remote-object.ts'
import { createRemotePromise, forwardSettlement } from './remote-promise.ts'
import { createTestLink } from './test-link.ts'

/** Values of a test's process in the realm of the rule under test. Each use of one asks that process, and waits. */
export interface Stubs {
  /** Starts a login: forgets the values of the last one, and puts those of this one into the scope of its rules. */
  open(stubbed: StubScope, scope: RuleScope): RuleScope
  /** Sends the test what a rule failed with, before it becomes a text. */
  reportFailure(error: unknown): void
}

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
  const localValues = createReferenceTable()
  /** Proxies and copied errors, by the ids of the test's values. */
  const remoteValues = createReferenceTable()
  let lastId = 0

  const endpoint: Endpoint = {
    findRemoteId: remoteValues.getId,
    addReference(value) {
      const existingId = localValues.getId(value)
      if (existingId !== undefined) return existingId
      const id = ++lastId
      localValues.set(id, value)
      if (typeof value === 'function') link.listen()
      else if (value instanceof NativePromise) forwardSettlement(link, endpoint, id, value)
      return id
    },
    isReference: () => false,
    getReferenced: localValues.getValue,
    createProxy(tagged) {
      const { id = 0, is, v: name } = tagged
      if (is === 'builtin') return builtins[name as string]
      if (is === 'constructor') return builtins[name as string]?.constructor
      const existing = remoteValues.getValue(id)
      if (existing !== undefined) return existing
      const proxy =
        is === 'promise' ? createRemotePromise(ops, endpoint, id) : createRemoteObject(link, endpoint, id, tagged)
      remoteValues.set(id, proxy)
      return proxy
    },
    createError(serialized) {
      const error = createErrorCopy(serialized)
      remoteValues.set(serialized.id ?? 0, error)
      return error
    },
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    toBytes: (text) => Buffer.from(text, 'base64'),
  }
  const link = createTestLink(ops, endpoint)

  return {
    open({ values, global }, scope) {
      localValues.clear()
      remoteValues.clear()
      link.reset()
      return overrideScope(deserialize(values, endpoint) as StubbedValues, {
        ...scope,
        global: openGlobal(scope, global),
      })
    },
    reportFailure(error) {
      link.ask({ do: 'failed', value: serialize(error, endpoint) })
    },
  }
}

function createErrorCopy({ name, message, stack }: SerializedError): Error {
  const error = new (errors[name] ?? NativeError)(message)
  if (error.name !== name) define(error, 'name', name)
  if (stack !== undefined) define(error, 'stack', stack)
  return error
}

function define(object: object, name: string, value: unknown): void {
  defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true })
}
