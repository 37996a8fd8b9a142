import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authenticateClient } from '../../src/http/client-credentials.ts'
import type { LoginService } from '../../src/login/login-service.ts'

/** Answers with the credentials that it was asked about. */
const login = {
  authenticateClient: async (id: string, secret: string) => ({ client_id: id, name: secret, grant_types: [] }),
} satisfies Partial<LoginService> as unknown as LoginService

const ask = (authorization: string | undefined, body: Record<string, string> = {}) =>
  authenticateClient(
    new Request('http://127.0.0.1/', authorization === undefined ? {} : { headers: { authorization } }),
    body,
    login,
  )

const formEncoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+')
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

test('any client id and secret survive HTTP Basic (RFC 6749, 2.3.1)', async () => {
  const text = fc.string({ unit: 'binary' })
  await fc.assert(
    fc.asyncProperty(text, text, async (id, secret) => {
      const result = await ask(basic(`${formEncoded(id)}:${formEncoded(secret)}`))
      expect(result).toMatchObject({ ok: true, value: { client_id: id, name: secret } })
    }),
  )
})

test.each([
  ['no credentials', undefined, {}, 'invalid_client'],
  ['only an id', undefined, { client_id: 'a' }, 'invalid_client'],
  ['another scheme', 'Bearer abc', {}, 'invalid_client'],
  ['Basic without a colon', basic('abc'), {}, 'invalid_client'],
  ['a percent sign that encodes nothing', basic('a:100%'), {}, 'invalid_client'],
  ['a secret in both places', basic('a:b'), { client_id: 'a', client_secret: 'b' }, 'invalid_request'],
  ['two different clients', basic('a:b'), { client_id: 'c' }, 'invalid_request'],
])('%s is refused', async (_what, authorization, body: Record<string, string>, code) => {
  expect(await ask(authorization, body)).toMatchObject({ ok: false, code })
})

test('the body may name the client that the header names', async () => {
  expect(await ask(basic('a:b'), { client_id: 'a' })).toMatchObject({ ok: true, value: { client_id: 'a', name: 'b' } })
})
