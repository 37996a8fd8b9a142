import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeMetadata } from '../../src/profile/metadata/merge-metadata.ts'

test('keys of the patch win, others stay', () => {
  expect(mergeMetadata({ a: 1, b: 2 }, { b: 3, c: 4 })).toEqual({ a: 1, b: 3, c: 4 })
})

test('only the first level is merged', () => {
  expect(mergeMetadata({ address: { city: 'Paris', zip: '75001' } }, { address: { city: 'Lyon' } })).toEqual({
    address: { city: 'Lyon' },
  })
})

test('null deletes a key, also one that was not there', () => {
  expect(mergeMetadata({ a: 1, b: 2 }, { a: null, c: null })).toEqual({ b: 2 })
})

test('a null that was stored before stays when the patch does not name it', () => {
  expect(mergeMetadata({ a: null }, { b: 1 })).toEqual({ a: null, b: 1 })
})

test('undefined in a patch says nothing', () => {
  expect(mergeMetadata({ a: 1 }, { a: undefined, b: 2 })).toEqual({ a: 1, b: 2 })
})

test('an empty patch clears everything', () => {
  expect(mergeMetadata({ a: 1 }, {})).toEqual({})
})

test('absent metadata takes the patch', () => {
  expect(mergeMetadata(undefined, { a: 1, b: null })).toEqual({ a: 1 })
})

test('a key called __proto__ is only a key', () => {
  const merged = mergeMetadata({}, JSON.parse('{ "__proto__": { "admin": true } }') as Record<string, unknown>)
  expect(Object.keys(merged)).toEqual(['__proto__'])
  expect(merged['admin']).toBeUndefined()
})

test('merging the same patch twice changes nothing more, and changes neither argument', () => {
  const metadata = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(metadata, metadata, (current, patch) => {
      const before = JSON.stringify([current, patch])
      const once = mergeMetadata(current, patch)
      expect(mergeMetadata(once, patch)).toEqual(once)
      expect(JSON.stringify([current, patch])).toBe(before)
    }),
  )
})
