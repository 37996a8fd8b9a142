import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bench, encode } from './forge.ts'

const { issuer } = await bench()
const refused = { code: 'INVALID_TOKEN' }

test('no text and no value is a token', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.json(), fc.json(), fc.base64String()).map(([a, b, c]) => `${encode(a)}.${encode(b)}.${c}`),
    fc.anything(),
  )
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      await expect(issuer.verifyIdToken(value as string)).rejects.toMatchObject(refused)
      await expect(issuer.verifyAccessToken(value as string)).rejects.toMatchObject(refused)
    }),
  )
})
