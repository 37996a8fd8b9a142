import fastCheck from 'fast-check'
import jsonPatch from 'fast-json-patch'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/profile/schema/changes.ts'
import { type Marks, decode, encode, encodeMarked } from '../../src/sandbox/wire/codec.ts'
import { createChangeTracker } from '../../src/sandbox/guest/changes/change-tracker.ts'
import { copyPlainTree } from '../../src/sandbox/wire/plain-tree.ts'

const limits = { maxDepth: 33, maxLength: 1_000_000 }

/** Data as a profile may hold it: JSON, dates and undefined. */
const data = fastCheck.object({
  maxDepth: 4,
  key: fastCheck.string().filter((key) => key !== '__proto__' && key !== 'toJSON'),
  values: [
    fastCheck.string(),
    fastCheck.integer(),
    fastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fastCheck.boolean(),
    fastCheck.constant(null),
    fastCheck.constant(undefined),
    fastCheck.date(),
  ],
})

describe('a value that crosses the border', () => {
  test('is afterwards what structuredClone would make of it', () => {
    fastCheck.assert(
      fastCheck.property(data, (value) => {
        expect(decode(encode(value, limits))).toStrictEqual(structuredClone(value))
      }),
    )
  })

  test('keeps an object that stands in several places one object, at any depth', () => {
    const shared = { deep: { er: [1] } }
    const value = { a: { b: shared }, list: [shared, shared], deep: shared.deep }
    const after = decode(encode(value, limits)) as typeof value
    expect(after).toStrictEqual(value)
    expect(after.list[0]).toBe(after.a.b)
    expect(after.list[1]).toBe(after.a.b)
    expect(after.deep).toBe(after.a.b.deep)
  })

  test('keeps more objects than a search would, each in its places', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ index }))
    const after = decode(encode({ many, again: many.toReversed() }, limits)) as { many: object[]; again: object[] }
    expect(after.again.every((object, index) => object === after.many[199 - index])).toBe(true)
  })

  test('brings no key along that would change a prototype', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
    ) as object
    const after = decode(encode(hostile, limits)) as { a: { constructor: object } }
    expect(Object.hasOwn(after, '__proto__')).toBe(false)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(after.a.constructor).toEqual({ prototype: { polluted: 1 } })
  })

  test('that is plain is written the short way, with the same result', () => {
    fastCheck.assert(
      fastCheck.property(data, (value) => {
        const copy = copyPlainTree({ value }, limits.maxDepth)
        if (copy === undefined) return
        expect(copy).toStrictEqual({ value })
        expect(decode(encodeMarked(copy, undefined, limits))).toStrictEqual({ value })
      }),
    )
    const plain = { a: [1, { b: 'c' }], d: null }
    const copy = copyPlainTree(plain, 33)
    expect(copy).toStrictEqual(plain)
    expect(copy?.a[1]).not.toBe(plain.a[1])
  })

  test.each([
    ['a date', { at: new Date() }],
    ['undefined', { at: undefined }],
    ['a shared object', ((shared) => ({ a: shared, b: shared }))({})],
    ['an object of a class', { at: new URL('https://example.com') }],
    ['a key of its own named __proto__', JSON.parse('{"__proto__":1}')],
  ])('with %s is not taken for plain', (_what, value) => {
    expect(copyPlainTree(value as object, 33)).toBeUndefined()
  })

  test('does not make the reader stumble, whatever its marks say', () => {
    const marks = {
      dates: [
        ['a', 'b', 'c'],
        ['__proto__', 'x'],
      ],
      undefineds: [['x', 'y'], ['__proto__']],
      shared: [[['a'], ['no', 'where']]],
    }
    expect(decode(JSON.stringify([{ a: 1 }, marks]))).toEqual({ a: 1 })
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })
})

describe('the changes of a rule', () => {
  const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

  /** What a watch sees that took `before` for how things were. */
  function look(before: object, after: object): { changes: Change[]; marks: Marks | undefined; copy: unknown } {
    const watch = createChangeTracker(32)
    const changes: Change[] = []
    watch.begin(before)
    const marks = watch.diff(after, changes)
    return { changes, marks, copy: watch.copy() }
  }

  test('turn what was into what is', () => {
    fastCheck.assert(
      fastCheck.property(data, data, (before, after) => {
        const { changes, copy } = look({ value: before }, { value: after })
        const patched = jsonPatch.applyPatch(json({ value: before }), json(changes) as never, true, false).newDocument
        // A list cannot hold a hole in JSON: undefined there is null.
        expect(patched).toEqual(json({ value: after }))
        expect(copy).toEqual(json({ value: after }))
      }),
    )
  })

  test('and the marks restore what JSON cannot say', () => {
    fastCheck.assert(
      fastCheck.property(data, data, (before, after) => {
        const live = { value: after }
        const { marks } = look({ value: before }, live)
        expect(decode(encodeMarked(live, marks, limits))).toEqual(structuredClone(live))
      }),
    )
  })

  test('are none where nothing changed', () => {
    fastCheck.assert(
      fastCheck.property(data, (value) => {
        expect(look({ value }, structuredClone({ value })).changes).toEqual([])
      }),
    )
  })

  test('and the marks know where an object stands now that stood in two places', () => {
    const shared = { id: 1 }
    const live = { a: { shared } as { shared?: object }, b: { shared, more: {} as object } }
    const watch = createChangeTracker(32)
    watch.begin({})
    watch.diff(live, [])
    delete live.a.shared
    live.b.more = shared
    const marks = watch.diff(live, [])
    expect(marks?.shared).toEqual([
      [
        ['b', 'more'],
        ['b', 'shared'],
      ],
    ])
    expect(watch.copy()).toEqual({ a: {}, b: { shared: { id: 1 }, more: { id: 1 } } })
  })

  test('are found among many keys, whichever of them come, go and move', () => {
    const names = fastCheck.uniqueArray(fastCheck.string({ minLength: 1, maxLength: 3 }), { maxLength: 80 })
    const members = (keys: readonly string[]): object =>
      Object.fromEntries(keys.filter((key) => key !== '__proto__').map((key, index) => [key, { index }]))
    fastCheck.assert(
      fastCheck.property(names, names, (before, after) => {
        const { changes } = look(members(before), members(after))
        const patched = jsonPatch.applyPatch(json(members(before)), json(changes) as never, true, false).newDocument
        expect(patched).toEqual(members(after))
      }),
    )
  })
})
