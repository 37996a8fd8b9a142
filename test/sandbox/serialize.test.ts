import { expect, test } from 'vitest'
import { type Endpoint, type TaggedValue, deserialize, serialize } from '../../src/sandbox/wire/serialize.ts'

/** One side whose references are the objects with a function among their members. */
function createSide(): Endpoint & { readonly proxies: TaggedValue[] } {
  const kept: object[] = []
  const proxies: TaggedValue[] = []
  return {
    proxies,
    findRemoteId: (value) => (Object.hasOwn(value, 'remoteId') ? (value as { remoteId: number }).remoteId : undefined),
    addReference: (value) => kept.push(value) - 1,
    isReference: (value) =>
      !Array.isArray(value) && Object.values(value).some((member) => typeof member === 'function'),
    getReferenced: (id) => kept[id],
    createProxy(tagged) {
      proxies.push(tagged)
      return { remoteId: tagged.id }
    },
    createError: ({ message }) => new Error(message),
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    toBytes: (text) => Buffer.from(text, 'base64'),
  }
}

/** The value as it arrives at the other side, by way of JSON. */
function send(value: unknown, from = createSide(), to = createSide()): unknown {
  return deserialize(JSON.parse(JSON.stringify(serialize(value, from))), to)
}

test.each([
  ['text', 'a'],
  ['null', null],
  ['undefined', undefined],
  ['numbers that JSON lacks', [Number.NaN, Infinity, -Infinity, -0, 1.5]],
  ['a bigint', 10n],
  ['a date', new Date(7)],
  ['an invalid date', new Date(Number.NaN)],
  ['a pattern', /x/gi],
  ['a map', new Map<unknown, unknown>([['a', new Set([1])]])],
  ['data', { a: [{ b: undefined }] }],
])('%s arrives as it was', (_, value) => {
  expect(send(value)).toStrictEqual(value)
})

test('bytes arrive as bytes', () => {
  expect(send(Buffer.from('héllo'))).toEqual(Buffer.from('héllo'))
})

test('an object in two places is one object, and may contain itself', () => {
  const shared = { name: 'shared' }
  const circle: Record<string, unknown> = { one: shared, other: shared }
  circle['self'] = circle
  const result = send(circle) as typeof circle
  expect(result['self']).toBe(result)
  expect(result['one']).toBe(result['other'])
})

test('functions, promises and references become proxies, and are themselves again when they return', () => {
  const [here, there] = [createSide(), createSide()]
  const values = [() => 1, Promise.resolve(1), { method: () => 1 }]
  const proxies = send(values, here, there)
  expect(there.proxies.map(({ is }) => is)).toEqual(['function', 'promise', 'object'])
  const returned = send(proxies, there, here) as unknown[]
  for (const [index, value] of values.entries()) expect(returned[index]).toBe(value)
})

test('an error arrives with its members', () => {
  const error = Object.assign(new RangeError('too far'), { code: 'E_FAR', path: ['a'] })
  expect(send(error)).toMatchObject({ message: 'too far', code: 'E_FAR', path: ['a'] })
})

test('a prototype is not copied, and a symbol is refused', () => {
  const hostile: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"a":1}')
  expect(send(hostile)).toStrictEqual({ a: 1 })
  expect(() => serialize(Symbol('x'), createSide())).toThrow('a symbol cannot be passed between a rule and its test')
})
