import { describe, expect, test } from 'vitest'
import { useTcpServer } from './http-server.ts'
import { secretValues, useSecretService } from './secret-service.ts'

const { KEY: key } = secretValues
const service = useSecretService()
const socketBytes: Buffer[] = []
const tcp = useTcpServer((socket) => socket.on('data', (bytes) => socketBytes.push(bytes)))

describe('a secret for a host is refused', () => {
  test('to another host, with the secret and its hosts', async () => {
    const { result, text } = await service.runExpression(
      `fetch(elsewhere, { headers: { 'x-key': KEY } }).catch(failed)`,
    )
    const message = `the request to 127.0.0.1:${service.port} carries the secret configuration.KEY, which is for localhost only`
    expect(result).toEqual(['NETWORK_REFUSED', message])
    expect(service.received).toEqual([])
    expect(text).toContain(`"error":"${message}"`)
  })

  test('to another host that a redirect leads to', async () => {
    service.answer = ({ url }) =>
      url === '/next' ? {} : { status: 307, headers: { location: `http://127.0.0.1:${service.port}/next` } }
    const { result } = await service.runExpression(`fetch(url, { headers: { 'x-key': KEY } }).catch(failed)`)
    expect(result).toEqual(['NETWORK_REFUSED', expect.stringContaining('carries the secret configuration.KEY')])
    expect(service.received.map(({ headers }) => headers['x-key'])).toEqual([key])
  })

  test('in a header of a redirect that loses its credentials: the next host gets a request without them', async () => {
    service.answer = ({ url }) =>
      url === '/next' ? {} : { status: 302, headers: { location: `http://127.0.0.1:${service.port}/next` } }
    const { result } = await service.runExpression(
      `fetch(url, { headers: { authorization: 'Bearer ' + KEY } }).then(({ status }) => status)`,
    )
    expect(result).toBe(200)
    expect(service.received.map(({ headers }) => headers['authorization'])).toEqual([`Bearer ${key}`, undefined])
  })

  test('if the service puts it into the address of another host', async () => {
    service.answer = ({ url }) =>
      url.startsWith('/next')
        ? {}
        : { status: 302, headers: { location: `http://127.0.0.1:${service.port}/next?key=${key}` } }
    const { result } = await service.runExpression(`fetch(url, { headers: { 'x-key': KEY } }).catch(failed)`)
    expect(result).toEqual(['NETWORK_REFUSED', expect.stringContaining('carries the secret configuration.KEY')])
    expect(service.received.length).toBe(1)
  })

  test('in what a socket sends', async () => {
    const connect = `require('net').connect(${tcp.port}, 'localhost')`
    const { result } = await service.runExpression(
      `new Promise((resolve, reject) => { const socket = ${connect}; socket.on('error', reject).on('connect', () => socket.write('AUTH ' + KEY)) })`,
    )
    expect(result).toEqual([
      'NETWORK_REFUSED',
      expect.stringMatching(/^a socket would send the placeholder of the secret configuration\.KEY: /),
    ])
    expect(Buffer.concat(socketBytes).toString()).toBe('')
  })

  test.each([
    ['an HMAC', `require('crypto').createHmac('sha256', KEY).update('x').digest('hex')`],
    ['the data of an HMAC', `require('crypto').createHmac('sha256', 'k').update('x' + KEY).digest('hex')`],
    ['a hash', `require('crypto').createHash('md5').update('ab' + KEY).digest('hex')`],
    ['pbkdf2', `require('crypto').pbkdf2Sync(KEY, 'salt', 1, 16, 'sha256')`],
    ['a comparison in constant time', `require('crypto').timingSafeEqual(Buffer.from(KEY), Buffer.from(KEY))`],
    ['a JWT', `jwt.sign({ a: 1 }, KEY)`],
    [
      'a WebCrypto key',
      `crypto.subtle.importKey('raw', new TextEncoder().encode(KEY), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])`,
    ],
    ['a compressed body', `require('zlib').gzipSync(JSON.stringify({ KEY }))`],
  ])('as %s, with a message that says why', async (_what, expression) => {
    const { result } = await service.runExpression(expression)
    expect(result).toEqual([
      'ERR_SECRET_PLACEHOLDER',
      expect.stringMatching(
        /^the secret configuration\.KEY has hosts, so the rule has only its placeholder, and cannot sign/,
      ),
    ])
  })

  test('in a header that cannot hold it', async () => {
    const script = `async (user, context, callback) => { user.result = await fetch('http://localhost:${service.port}/', { headers: { key: configuration.KEY } }).catch((error) => error.message); callback(null, user, context) }`
    await service.engine.replace([{ name: 'crm', script }], { KEY: { value: 'one\ntwo-three', hosts: ['localhost'] } })
    const { user } = await service.engine.run({ user: { user_id: 'auth0|1' }, context: {} })
    expect(user['result']).toMatch(/^the value of the secret configuration\.KEY has a line break/)
  })
})
