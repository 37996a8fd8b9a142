import * as fc from 'fast-check'
import jsonPatch from 'fast-json-patch'
import { expect, test } from 'vitest'
import { listChanges } from '../../src/profile/schema/changes.ts'

test.each([
  ['an added attribute', {}, { roles: [] }, [{ op: 'add', path: '/roles', value: [] }]],
  ['a removed attribute', { a: 1 }, {}, [{ op: 'remove', path: '/a' }]],
  ['a replaced attribute', { a: { b: 1 } }, { a: { b: 2 } }, [{ op: 'replace', path: '/a/b', value: 2 }]],
  ['an added element', { a: ['x'] }, { a: ['x', 'y'] }, [{ op: 'add', path: '/a/1', value: 'y' }]],
  [
    'a name that a pointer must escape',
    {},
    { 'https://x/a~b': 1 },
    [{ op: 'add', path: '/https:~1~1x~1a~0b', value: 1 }],
  ],
  ['null', { a: 1 }, { a: null }, [{ op: 'replace', path: '/a', value: null }]],
  ['a whole value', 'a', { b: 1 }, [{ op: 'replace', path: '', value: { b: 1 } }]],
  ['a list in place of an object', { a: { 0: 'x' } }, { a: ['x'] }, [{ op: 'replace', path: '/a', value: ['x'] }]],
])('names %s', (_title, before, after, changes) => {
  expect(listChanges(before, after)).toEqual(changes)
})

test('a date is its ISO text', () => {
  const day = '2026-11-18T00:00:00.000Z'
  expect(listChanges({ at: new Date(day) }, { at: day })).toEqual([])
  expect(listChanges({ at: new Date(0) }, { at: new Date(day) })).toEqual([{ op: 'replace', path: '/at', value: day }])
  expect(listChanges({}, { deep: [{ at: new Date(day) }] })).toEqual([
    { op: 'add', path: '/deep', value: [{ at: day }] },
  ])
  expect(listChanges({ at: null }, { at: new Date(NaN) })).toEqual([])
})

test('undefined is absent', () => {
  expect(listChanges({ a: undefined }, {})).toEqual([])
  expect(listChanges({ a: 1 }, { a: undefined })).toEqual([{ op: 'remove', path: '/a' }])
  expect(listChanges({ a: undefined }, { a: 1 })).toEqual([{ op: 'add', path: '/a', value: 1 }])
  expect(listChanges([undefined, 1], [null, 1])).toEqual([])
  expect(listChanges(undefined, null)).toEqual([])
})

test('what JSON cannot hold is what JSON makes of it', () => {
  const odd = { nan: NaN, big: 2n, call: () => 1, hidden: Symbol('x'), url: new URL('https://a.example/') }
  expect(listChanges({ nan: null, big: '2', url: 'https://a.example/' }, odd)).toEqual([])
})

test('an attribute named like an inherited one is an attribute', () => {
  expect(listChanges({}, { constructor: 1 })).toEqual([{ op: 'add', path: '/constructor', value: 1 }])
  expect(listChanges({ toString: 1 }, {})).toEqual([{ op: 'remove', path: '/toString' }])
})

test('the changes do not share values with what they describe', () => {
  const after = { list: [{ a: 1 }] }
  const [change] = listChanges({}, after)
  after.list[0]!.a = 2
  expect(change?.value).toEqual([{ a: 1 }])
})

function nested(leaf: number): unknown {
  return Array.from({ length: 32 }).reduce<unknown>((inner) => [inner], leaf)
}

function wide(first: number): number[] {
  return Array.from({ length: 50_000 }, (_, index) => index + first)
}

test('deep and wide values a rule may leave behind cost no more than their size', () => {
  expect(listChanges(nested(1), nested(2))).toHaveLength(1)
  expect(listChanges(wide(0), wide(1))).toHaveLength(50_000)
})

test('applying the changes gives the second value', () => {
  // The library that applies them refuses __proto__ for safety, so that one name is left out here.
  const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
  fc.assert(
    fc.property(json, json, (before, after) => {
      const changes = listChanges(before, after)
      const patched = jsonPatch.applyPatch(structuredClone(before), changes as never[], true).newDocument
      // JSON has one zero.
      expect(JSON.parse(JSON.stringify(patched))).toEqual(JSON.parse(JSON.stringify(after)))
    }),
  )
})
