import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { createKeyFetch } from '../../src/login/tokens/create-key-fetch.ts'
import { createAssertionVerifier } from '../../src/tokens/assertion.ts'
import { bench, forge, nowSeconds, startMs } from './forge.ts'

const iss = 'https://provider.example/'
const claims = { iss, sub: '1', aud: 'us', exp: nowSeconds + 300 }
const { jwk, keyring } = await bench('ES256')
const later = await bench('ES256')
const keysNow = () => JSON.stringify(keyring.getJwks())

let answer: RequestListener = (_request, response) => response.end(keysNow())
let requests = 0
const server = createServer((request, response) => {
  requests += 1
  answer(request, response)
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`

afterEach(() => {
  requests = 0
  answer = (_request, response) => response.end(keysNow())
  vi.useRealTimers()
})
afterAll(() => server.close())

const assertion = forge(jwk, { alg: 'ES256', kid: jwk.kid }, claims)
const newVerifier = () =>
  createAssertionVerifier({
    fetchKeys: createKeyFetch({ allow: ['127.0.0.1'] }),
    audiences: ['us'],
    clock: () => startMs,
  })

test('keys are fetched once for many assertions, also when they come at once', async () => {
  const verifier = newVerifier()
  await Promise.all(Array.from({ length: 5 }, () => verifier.verify(assertion, iss, { jwksUri })))
  await verifier.verify(assertion, iss, { jwksUri })
  expect(requests).toBe(1)
})

test('a key that is not among them is asked for again, once in 30 seconds', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const verifier = newVerifier()
  const theirs = forge(later.jwk, { alg: 'ES256', kid: later.jwk.kid }, claims)
  const verify = (one: string) => verifier.verify(one, iss, { jwksUri })
  await verify(assertion)
  for (let attempt = 0; attempt < 5; attempt += 1) await expect(verify(theirs)).rejects.toThrow('The token was refused')
  expect(requests).toBe(1)
  answer = (_request, response) => response.end(JSON.stringify(later.keyring.getJwks()))
  vi.setSystemTime(Date.now() + 31_000)
  expect(await verify(theirs)).toEqual(claims)
  expect(requests).toBe(2)
})

const failures: readonly [string, RequestListener][] = [
  ['an error', (_request, response) => response.writeHead(500).end(keysNow())],
  ['a redirect', (_request, response) => response.writeHead(302, { location: jwksUri }).end()],
  ['no JSON', (_request, response) => response.end('<html>')],
  ['no key set', (_request, response) => response.end('{"keys":{}}')],
  ['more than 256 kB', (_request, response) => response.end(`${' '.repeat(256_001)}${keysNow()}`)],
  ['a broken connection', (request) => request.socket.destroy()],
]

test.each(failures)('%s instead of keys refuses, and is not asked for again at once', async (_, listener) => {
  answer = listener
  const verifier = newVerifier()
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(verifier.verify(assertion, iss, { jwksUri })).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  }
  expect(requests).toBe(1)
})

test.each(['http://10.0.0.1/keys', 'http://localhost.example/keys', 'file:///keys', 'https://user@x.example/', 'keys'])(
  'nothing is fetched from %s',
  async (address) => {
    const attempt = newVerifier().verify(assertion, iss, { jwksUri: address })
    await expect(attempt).rejects.toThrow('an address that is not https')
  },
)

test.each([
  ['that is private', {}, /127\.0\.0\.1 is a loopback address; it is not in the engine's network\.allow$/],
  [
    'outside the list of hosts',
    { allow: ['127.0.0.1'], hosts: ['idp.example'] },
    /is not in network\.hosts of the engine: idp\.example$/,
  ],
])('an address %s is not asked; the client does not learn why, a warning says it', async (_what, network, reason) => {
  const warned = once(process, 'warning') as Promise<[Error]>
  const verifier = createAssertionVerifier({
    fetchKeys: createKeyFetch(network),
    audiences: ['us'],
    clock: () => startMs,
  })
  const attempt = verifier.verify(assertion, iss, { jwksUri })
  await expect(attempt).rejects.toThrow("its issuer's keys could not be fetched")
  await expect(attempt).rejects.not.toThrow(/127\.0\.0\.1/)
  expect((await warned)[0].message).toMatch(reason)
  expect(requests).toBe(0)
})
