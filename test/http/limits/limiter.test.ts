import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAddressKey } from '../../../src/http/limits/address-key.ts'
import { createLimiter } from '../../../src/http/limits/limiter.ts'

test('so many pass in each window, however they are spread over it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(20_000), { maxLength: 40 }), async (limit, at) => {
      let now = 0
      const limiter = createLimiter({ limit, seconds: 5 }, () => now)
      const passed = new Map<number, number>()
      const asked = new Map<number, number>()
      for (const moment of at.toSorted((a, b) => a - b)) {
        now = moment
        const window = Math.floor(moment / 5_000)
        const { isExceeded, remaining, resetAtMs } = await limiter.consume('ada')
        asked.set(window, (asked.get(window) ?? 0) + 1)
        if (!isExceeded) passed.set(window, (passed.get(window) ?? 0) + 1)
        expect(resetAtMs).toBe((window + 1) * 5_000)
        expect(remaining).toBe(Math.max(0, limit - (asked.get(window) ?? 0)))
      }
      for (const [window, count] of asked) expect(passed.get(window)).toBe(Math.min(limit, count))
    }),
  )
})

test('looking counts nothing, and what is forgotten never was', async () => {
  const limiter = createLimiter({ limit: 1, seconds: 60 }, () => 0)
  expect(await limiter.peek('ada')).toMatchObject({ remaining: 1, isExceeded: false, retryAfterSeconds: 60 })
  await limiter.consume('ada')
  expect(await limiter.peek('ada')).toMatchObject({ remaining: 0, isExceeded: true })
  expect(await limiter.peek('grace')).toMatchObject({ isExceeded: false })
  await limiter.reset('ada')
  expect(await limiter.peek('ada')).toMatchObject({ remaining: 1, isExceeded: false })
})

test.each([
  { limit: 0, seconds: 60 },
  { limit: 1.5, seconds: 60 },
  { limit: 10, seconds: 0 },
  { limit: 10, seconds: Number.NaN },
  { limit: 10, seconds: 9_000_000 },
])('%j is no limit', (limit) => {
  expect(() => createLimiter(limit, Date.now)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }) as Error)
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
  [undefined, 'no address'],
])('%s and %s are of one holder', (one, other) => {
  expect(toAddressKey(one)).toBe(toAddressKey(other))
})

test('addresses of two networks have two holders', () => {
  expect(toAddressKey('203.0.113.9')).not.toBe(toAddressKey('203.0.113.8'))
  expect(toAddressKey('2001:db8:1:2::1')).not.toBe(toAddressKey('2001:db8:1:3::1'))
})
