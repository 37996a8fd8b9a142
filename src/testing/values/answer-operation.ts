import { type Endpoint, type SerializedValue, deserialize, serialize } from '../../sandbox/wire/serialize.ts'
import { type PrototypeQuery, type StubOperation, isPrototypeQuery, perform } from './perform.ts'
import type { StubNames } from './stub-names.ts'
import { identifyConstructor, identifyPrototype } from './value-kinds.ts'

/** Performs an operation of a rule on a value of the test and writes the answer: the result, or the error that it threw. */
export function answerOperation(
  operation: StubOperation | PrototypeQuery,
  endpoint: Endpoint,
  names: StubNames,
): string {
  const target = endpoint.getReferenced(operation.id) as object
  const name = names.getName(target) ?? 'a value of the test'
  try {
    if (isPrototypeQuery(operation)) return encodeAnswer(describePrototype(target, endpoint))
    const result = perform(target, operation, (value) => deserialize(value, endpoint))
    const builtin = operation.do === 'get' && operation.key === 'constructor' ? identifyConstructor(result) : undefined
    if (builtin !== undefined) return encodeAnswer({ is: 'constructor', v: builtin })
    names.nameResult(result, name, operation)
    return encodeAnswer(serialize(result, endpoint))
  } catch (error) {
    names.setThrower(error, name)
    return encodeAnswer(serialize(error, endpoint), false)
  }
}

/** Writes how a promise of the test is settled. */
export async function answerSettlement(promiseId: number, endpoint: Endpoint, names: StubNames): Promise<string> {
  const promise = endpoint.getReferenced(promiseId) as Promise<unknown>
  try {
    return encodeAnswer(serialize(await promise, endpoint))
  } catch (error) {
    names.setThrower(error, names.getName(promise) ?? 'a promise of the test')
    return encodeAnswer(serialize(error, endpoint), false)
  }
}

export function encodeAnswer(value: SerializedValue, ok = true): string {
  return JSON.stringify({ ok, value })
}

/** Builtin prototypes go by their name: the rule has its own. */
function describePrototype(target: object, endpoint: Endpoint): SerializedValue {
  const prototype: unknown = Object.getPrototypeOf(target)
  if (typeof prototype !== 'object' && typeof prototype !== 'function') return null
  if (prototype === null) return null
  const builtin = identifyPrototype(prototype)
  if (builtin !== undefined) return { is: 'builtin', v: builtin }
  return { is: typeof prototype === 'function' ? 'function' : 'object', id: endpoint.addReference(prototype) }
}
