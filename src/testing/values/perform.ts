import type { Told } from '../../sandbox/wire/told.ts'

/** What a rule asks of the test that it runs for. */
export type Question =
  | Use
  | { readonly do: 'prototype'; readonly id: number }
  | { readonly do: 'returned'; readonly ok: boolean; readonly value: Told }
  | { readonly do: 'settled'; readonly id: number; readonly ok: boolean; readonly value: Told }
  | { readonly do: 'failed'; readonly value: Told }

/** The use of one value of the test's. */
export type Use =
  | { readonly do: 'get' | 'has' | 'delete' | 'own'; readonly id: number; readonly key: string }
  | { readonly do: 'set'; readonly id: number; readonly key: string; readonly value: Told }
  | { readonly do: 'keys'; readonly id: number }
  | { readonly do: 'call'; readonly id: number; readonly self: Told; readonly args: readonly Told[] }
  | { readonly do: 'new'; readonly id: number; readonly args: readonly Told[] }

/** `__proto__` is no member as others are: what is behind it belongs to the whole process of the test. */
export function asksPrototype(question: Question): question is Extract<Question, { do: 'prototype' | 'get' }> {
  return question.do === 'prototype' || (question.do === 'get' && question.key === '__proto__')
}

type AnyFunction = (...args: unknown[]) => unknown

/** Does to a value of the test's what a rule does to its handle on it. */
export function perform(target: object, use: Use, heard: (told: Told) => unknown): unknown {
  switch (use.do) {
    case 'get':
      return Reflect.get(target, keyOf(use.key))
    case 'has':
      return Reflect.has(target, keyOf(use.key))
    case 'delete':
      return Reflect.deleteProperty(target, keyOf(use.key))
    case 'own': {
      const found = Reflect.getOwnPropertyDescriptor(target, keyOf(use.key))
      return found && [Reflect.get(target, keyOf(use.key)), found.enumerable]
    }
    case 'set':
      if (use.key === '__proto__') throw new TypeError('a rule cannot change prototypes of its test')
      return Reflect.set(target, keyOf(use.key), heard(use.value))
    case 'keys':
      return Reflect.ownKeys(target).filter((key) => typeof key === 'string')
    case 'call':
      return Reflect.apply(target as AnyFunction, heard(use.self), use.args.map(heard))
    case 'new':
      return Reflect.construct(target as AnyFunction, use.args.map(heard))
    default:
      return use satisfies never
  }
}

const symbolPrefix = '@@Symbol.'

function keyOf(key: string): PropertyKey {
  if (!key.startsWith(symbolPrefix)) return key
  const name = key.slice(symbolPrefix.length)
  return (Symbol as unknown as Readonly<Record<string, symbol | undefined>>)[name] ?? key
}
