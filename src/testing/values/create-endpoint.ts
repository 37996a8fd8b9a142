import { types } from 'node:util'
import { type Endpoint, type SerializedError, type TaggedValue, serialize } from '../../sandbox/wire/serialize.ts'
import type { RemotePromises } from './remote-promises.ts'
import { canCompileCode, isReference } from './value-kinds.ts'
import type { ValueTable } from './value-table.ts'

export interface EndpointOptions {
  readonly table: ValueTable
  readonly promises: RemotePromises
  /** Calls a function of the rule; the call is JSON. */
  readonly callRule: (body: string) => unknown
  /** `Error` of the test: test runners have a realm for each test file. */
  readonly RealmError: ErrorConstructor
}

/** Creates the test's side of the serialiser. */
export function createEndpoint({ table, promises, callRule, RealmError }: EndpointOptions): Endpoint {
  const endpoint: Endpoint = {
    findRemoteId: table.findRemoteId,
    addReference(value) {
      const existingId = table.findLocalId(value)
      if (existingId !== undefined) return existingId
      if (canCompileCode(value)) throw new RealmError('a function that compiles code cannot be passed to a rule')
      // A rule may ignore a promise that the test passed to it.
      if (types.isPromise(value)) value.then(undefined, () => undefined)
      return table.addLocal(value)
    },
    isReference,
    getReferenced: table.getLocal,
    createProxy({ is, id = 0 }: TaggedValue) {
      return table.getProxy(id) ?? table.addProxy(id, is === 'promise' ? promises.create(id) : createRuleFunction(id))
    },
    createError(serialized: SerializedError) {
      const { id = 0 } = serialized
      return (table.getProxy(id) as Error | undefined) ?? table.addProxy(id, createRealmError(RealmError, serialized))
    },
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    toBytes: (text) => Buffer.from(text, 'base64'),
  }

  function createRuleFunction(id: number): (...args: unknown[]) => unknown {
    return function callFromTest(this: unknown, ...args: unknown[]) {
      const selfId = typeof this === 'object' && this !== null ? table.findLocalId(this) : undefined
      const call = {
        call: id,
        self: selfId === undefined ? { is: 'undefined' } : { is: 'object', id: selfId },
        args: args.map((argument) => serialize(argument, endpoint)),
      }
      return callRule(JSON.stringify(call))
    }
  }

  return endpoint
}

function createRealmError(RealmError: ErrorConstructor, { name, message, stack }: SerializedError): Error {
  const error = new RealmError(message)
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true })
  if (stack !== undefined) error.stack = stack
  return error
}
