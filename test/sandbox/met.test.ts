import { expect, test } from 'vitest'
import { createMet } from '../../src/sandbox/wire/met.ts'

const [a, b, c] = [{}, {}, {}]

/** Walks over objects that stand in a list, and tells at which index each was met before. */
function walk(met: ReturnType<typeof createMet>, objects: readonly object[]): unknown[] {
  met.reset()
  return objects.map((object, index) => met.meet(object, [index], 1)?.[1][0])
}

test('a second walk over the same objects meets each for the first time', () => {
  const met = createMet()
  expect(walk(met, [a, b, c])).toEqual([undefined, undefined, undefined])
  expect(walk(met, [a, b, c])).toEqual([undefined, undefined, undefined])
})

test.each([
  ['where a new object came before', [a, b, c], [{}, a, b, c, a], 1],
  ['where one went away', [a, b, c], [a, c, c], 1],
  ['where two changed places', [a, b, c], [b, a, c, b], 0],
  ['where it was met twice in the walk before', [a, b, a], [a, b, a], 0],
])('an object that stands in two places is found, also %s', (_, before, after, first) => {
  const met = createMet()
  walk(met, before)
  expect(walk(met, after).at(-1)).toBe(first)
})

test('a step is only taken where an object stands as it stood in the walk before', () => {
  const met = createMet()
  walk(met, [a, b, c])
  met.reset()
  expect(met.step(a, [0], 1)).toBeUndefined()
  expect(met.step(b, [7], 1)).toBe(false)
  expect(met.step(b, [1, 1], 2)).toBe(false)
  expect(met.step(c, [1], 1)).toBe(false)
  expect(met.meet(c, [1], 1)).toBeUndefined()
  expect(met.step(c, [2], 1)).toBe(false)
  expect(met.meet(a, [2], 1)).toEqual([[2], [0]])
})

test('a step to an object that stands in two places says so again', () => {
  const met = createMet()
  walk(met, [a, b, a, c])
  met.reset()
  expect(met.step(a, [0], 1)).toBeUndefined()
  expect(met.step(b, [1], 1)).toBeUndefined()
  expect(met.step(a, [2], 1)).toEqual([[2], [0]])
  expect(met.step(c, [3], 1)).toBeUndefined()
})

test('what an earlier, longer walk has left behind is not taken for new', () => {
  const met = createMet()
  walk(met, [a, b, c])
  walk(met, [a, c])
  expect(walk(met, [a, c, c])).toEqual([undefined, undefined, 1])
})
