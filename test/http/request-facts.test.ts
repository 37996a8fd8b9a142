import { describe, expect, test } from 'vitest'
import { applyForwardedFor, readRequestDetails } from '../../src/http/request-details.ts'
import { app, issuer, password, useServer } from './server.ts'

const request = (headers: Record<string, string>, path = '/oauth/token'): Request =>
  new Request(`${issuer}${path}`, { method: 'POST', headers })

test('passwords, secrets and tokens are in nothing that rules see, also when they stand in the URL', () => {
  const secrets = { password: 'S3', client_secret: 'S3', refresh_token: 'S3', access_token: 'S3', id_token: 'S3' }
  const query = new URLSearchParams({ ...secrets, tenant: 'x' })
  const facts = readRequestDetails(
    request({ 'user-agent': 'Test' }, `/?${query.toString()}`),
    { ...secrets, scope: 'openid' },
    {},
  )
  expect(facts).toEqual({ hostname: '127.0.0.1', query: { tenant: 'x' }, body: { scope: 'openid' }, userAgent: 'Test' })
})

test('an IPv4 address is written as one, however the socket has it', () => {
  const ipOf = (ip: string): string | undefined => readRequestDetails(request({}), {}, { ip }).ip
  expect(['::ffff:203.0.113.9', '203.0.113.9', '2001:db8::1'].map(ipOf)).toEqual([
    '203.0.113.9',
    '203.0.113.9',
    '2001:db8::1',
  ])
})

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['10.9.9.9, 203.0.113.1', '203.0.113.1'],
  ['2001:db8::7', '2001:db8::7'],
  ['203.0.113.1, unknown', '192.0.2.1'],
  ['', '192.0.2.1'],
])('behind a proxy that says %j the client is %s', (header, ip) => {
  expect(applyForwardedFor(request({ 'x-forwarded-for': header }), { ip: '192.0.2.1' }).ip).toBe(ip)
})

describe.each([
  [true, '203.0.113.1'],
  [false, '192.0.2.1'],
])('with trustProxy %s', (trustProxy, ip) => {
  const server = useServer([], {}, { trustProxy })

  test(`the login came from ${ip}`, async () => {
    const body = new URLSearchParams({ grant_type: 'password', ...app, username: 'ada@example.com', password })
    const headers = { 'x-forwarded-for': '203.0.113.1' }
    const login = new Request(`${issuer}/oauth/token`, { method: 'POST', body, headers })
    expect((await server.server.handler(login, { ip: '192.0.2.1' })).status).toBe(200)
    expect(await server.store.users.get(server.adaId)).toHaveProperty('last_ip', ip)
  })
})
