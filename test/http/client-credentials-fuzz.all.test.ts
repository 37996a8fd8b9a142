import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ask, basic, formEncoded } from './ask-client.ts'

test('any client id and secret survive HTTP Basic (RFC 6749, 2.3.1)', async () => {
  const text = fc.string({ unit: 'binary' })
  await fc.assert(
    fc.asyncProperty(text, text, async (id, secret) => {
      const result = await ask(basic(`${formEncoded(id)}:${formEncoded(secret)}`))
      expect(result).toMatchObject({ ok: true, value: { client_id: id, name: secret } })
    }),
  )
})
