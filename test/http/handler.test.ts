import { describe, expect, test } from 'vitest'
import { createHandler } from '../../src/http/handler.ts'
import { app, issuer, password, useServer } from './server.ts'

describe('the handler', () => {
  const server = useServer([])
  const send = (method: string, path: string, headers: Record<string, string> = {}): Promise<Response> =>
    server.server.handler(new Request(`${issuer}${path}`, { method, headers }))

  test('an unknown path is 404', async () => {
    const response = await server.get('/nowhere')
    expect([response.status, await response.json()]).toMatchObject([404, { error: 'not_found' }])
  })

  test.each([
    ['GET', '/oauth/token', 'POST'],
    ['DELETE', '/oauth/token', 'POST'],
    ['PUT', '/userinfo', 'GET, HEAD, POST'],
    ['GET', '/tokeninfo', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('%s %s is 405, and says which methods are right', async (method, path, allow) => {
    const response = await send(method, path)
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    expect(await response.json()).toMatchObject({ error: 'method_not_allowed' })
  })

  test('HEAD is answered like GET, without a body', async () => {
    const head = await send('HEAD', '/.well-known/jwks.json')
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'application/json', ''])
    expect((await send('HEAD', '/userinfo')).status).toBe(401)
  })

  test('discovery names the endpoints, and the keys verify', async () => {
    const discovery = (await (await server.get('/.well-known/openid-configuration')).json()) as Record<string, string>
    const keys = (await (await server.get('/.well-known/jwks.json')).json()) as { keys: object[] }
    expect(discovery).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: expect.arrayContaining(['password', 'refresh_token', 'client_credentials']),
    })
    expect(keys.keys).toHaveLength(1)
    expect(keys.keys[0]).not.toHaveProperty('d')
  })

  test('it is healthy', async () => {
    const response = await server.get('/healthz')
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  test('a page of another origin may ask with a token, and read why it was refused', async () => {
    const origin = { origin: 'https://app.example' }
    const preflight = await send('OPTIONS', '/userinfo', {
      ...origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    })
    const refused = await send('GET', '/userinfo', origin)
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i)
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/www-authenticate/i)
    expect(refused.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('every answer has a request id: the one that came, if it can be one, or a new one', async () => {
    const [given, odd, none] = [
      await send('GET', '/healthz', { 'x-request-id': 'abc-1' }),
      await send('GET', '/nowhere', { 'x-request-id': '<script>' }),
      await send('GET', '/userinfo'),
    ]
    expect(given.headers.get('x-request-id')).toBe('abc-1')
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(none.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a fault of ours', () => {
  const broken = { authenticateClient: () => Promise.reject(new Error('the database is at 10.0.0.1')) }
  const ask = (onError: (error: unknown, requestId: string) => void): Promise<Response> => {
    const handler = createHandler({ login: broken as never, issuer: { issuer } as never, onInternalError: onError })
    const body = new URLSearchParams({ grant_type: 'password', ...app, username: 'ada', password })
    return handler(new Request(`${issuer}/oauth/token`, { method: 'POST', body }))
  }

  test('is 500 with a request id, told to the operator and not to the client', async () => {
    const told: unknown[] = []
    const response = await ask((error, id) => told.push([String(error), id]))
    const text = await response.text()
    const id = response.headers.get('x-request-id')
    expect(response.status).toBe(500)
    expect(text).toContain(`Request id: ${id}.`)
    expect(text).not.toContain('10.0.0.1')
    expect(told).toEqual([['Error: the database is at 10.0.0.1', id]])
  })

  test('is answered as well where telling the operator fails', async () => {
    const response = await ask(() => {
      throw new Error('no log')
    })
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error: 'server_error' })
  })
})
