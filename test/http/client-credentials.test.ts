import { expect, test } from 'vitest'
import { ask, basic } from './ask-client.ts'

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
