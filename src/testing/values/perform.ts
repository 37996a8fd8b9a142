import type { SerializedValue } from '../../sandbox/wire/serialize.ts'

/** A message of a rule to its test: an operation on a value of the test, or news of a value of the rule. */
export type StubMessage =
  | StubOperation
  | PrototypeQuery
  | { readonly do: 'returned'; readonly ok: boolean; readonly value: SerializedValue }
  | { readonly do: 'settled'; readonly id: number; readonly ok: boolean; readonly value: SerializedValue }
  | { readonly do: 'failed'; readonly value: SerializedValue }

export interface PrototypeQuery {
  readonly do: 'prototype'
  readonly id: number
}

/** An operation of a rule on one value of the test. */
export type StubOperation =
  | { readonly do: 'get' | 'has' | 'delete' | 'own'; readonly id: number; readonly key: string }
  | { readonly do: 'set'; readonly id: number; readonly key: string; readonly value: SerializedValue }
  | { readonly do: 'keys'; readonly id: number }
  | {
      readonly do: 'call'
      readonly id: number
      readonly self: SerializedValue
      readonly args: readonly SerializedValue[]
    }
  | { readonly do: 'new'; readonly id: number; readonly args: readonly SerializedValue[] }

/** `__proto__` is not read as a member: the builtin prototypes belong to the whole process of the test. */
export function isPrototypeQuery(message: StubOperation | PrototypeQuery): message is PrototypeQuery {
  return message.do === 'prototype' || (message.do === 'get' && message.key === '__proto__')
}

type AnyFunction = (...args: unknown[]) => unknown

/** Performs on a value of the test the operation that a rule performed on its proxy. */
export function perform(
  target: object,
  operation: StubOperation,
  deserialize: (value: SerializedValue) => unknown,
): unknown {
  switch (operation.do) {
    case 'get':
      return Reflect.get(target, toPropertyKey(operation.key))
    case 'has':
      return Reflect.has(target, toPropertyKey(operation.key))
    case 'delete':
      return Reflect.deleteProperty(target, toPropertyKey(operation.key))
    case 'own': {
      const descriptor = Reflect.getOwnPropertyDescriptor(target, toPropertyKey(operation.key))
      return descriptor && [Reflect.get(target, toPropertyKey(operation.key)), descriptor.enumerable]
    }
    case 'set':
      if (operation.key === '__proto__') throw new TypeError('a rule cannot change prototypes of its test')
      return Reflect.set(target, toPropertyKey(operation.key), deserialize(operation.value))
    case 'keys':
      return Reflect.ownKeys(target).filter((key) => typeof key === 'string')
    case 'call':
      return Reflect.apply(target as AnyFunction, deserialize(operation.self), operation.args.map(deserialize))
    case 'new':
      return Reflect.construct(target as AnyFunction, operation.args.map(deserialize))
    default:
      return operation satisfies never
  }
}

const symbolPrefix = '@@Symbol.'

function toPropertyKey(key: string): PropertyKey {
  if (!key.startsWith(symbolPrefix)) return key
  const name = key.slice(symbolPrefix.length)
  return (Symbol as unknown as Readonly<Record<string, symbol | undefined>>)[name] ?? key
}
