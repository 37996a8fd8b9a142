import { expect, test } from 'vitest'
import { createSeenObjects } from '../../src/sandbox/wire/seen-objects.ts'

const [a, b, c] = [{}, {}, {}]

/** Walks over objects that stand in a list, and tells at which index each was met before. */
function walk(met: ReturnType<typeof createSeenObjects>, objects: readonly object[]): unknown[] {
  met.reset()
  return objects.map((object, index) => met.track(object, [index], 1)?.[1][0])
}

test('a second walk over the same objects meets each for the first time', () => {
  const met = createSeenObjects()
  expect(walk(met, [a, b, c])).toEqual([undefined, undefined, undefined])
  expect(walk(met, [a, b, c])).toEqual([undefined, undefined, undefined])
})

test.each([
  ['where a new object came before', [a, b, c], [{}, a, b, c, a], 1],
  ['where one went away', [a, b, c], [a, c, c], 1],
  ['where two changed places', [a, b, c], [b, a, c, b], 0],
  ['where it was met twice in the walk before', [a, b, a], [a, b, a], 0],
])('an object that stands in two places is found, also %s', (_, before, after, first) => {
  const met = createSeenObjects()
  walk(met, before)
  expect(walk(met, after).at(-1)).toBe(first)
})

test('a step is only taken where an object stands as it stood in the walk before', () => {
  const met = createSeenObjects()
  walk(met, [a, b, c])
  met.reset()
  expect(met.trackUnchanged(a, [0], 1)).toBeUndefined()
  expect(met.trackUnchanged(b, [7], 1)).toBe(false)
  expect(met.trackUnchanged(b, [1, 1], 2)).toBe(false)
  expect(met.trackUnchanged(c, [1], 1)).toBe(false)
  expect(met.track(c, [1], 1)).toBeUndefined()
  expect(met.trackUnchanged(c, [2], 1)).toBe(false)
  expect(met.track(a, [2], 1)).toEqual([[2], [0]])
})

test('a step to an object that stands in two places says so again', () => {
  const met = createSeenObjects()
  walk(met, [a, b, a, c])
  met.reset()
  expect(met.trackUnchanged(a, [0], 1)).toBeUndefined()
  expect(met.trackUnchanged(b, [1], 1)).toBeUndefined()
  expect(met.trackUnchanged(a, [2], 1)).toEqual([[2], [0]])
  expect(met.trackUnchanged(c, [3], 1)).toBeUndefined()
})

test('what an earlier, longer walk has left behind is not taken for new', () => {
  const met = createSeenObjects()
  walk(met, [a, b, c])
  walk(met, [a, c])
  expect(walk(met, [a, c, c])).toEqual([undefined, undefined, 1])
})
