import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createKeyFetch } from '../../../src/login/tokens/create-key-fetch.ts'
import { createAssertionVerifier } from '../../../src/tokens/assertion.ts'
import { bench, encode, forge, forgeHmac, nowSeconds, startMs } from '../../tokens/forge.ts'
import type { ProgramCase } from './battery-case.ts'
import { judge } from './run-rules.ts'
import { hostOnly } from './variants.ts'

const iss = 'https://provider.example/'
const claims = { iss, sub: '1', aud: 'us', exp: nowSeconds + 300 }

/** A provider whose key set is fetched from loopback; `answer` may be replaced. */
async function startProvider() {
  const { jwk, keyring } = await bench('ES256')
  const keys = (): string => JSON.stringify(keyring.getJwks())
  const provider = {
    jwk,
    keys,
    requests: 0,
    answer: ((_request, response) => void response.end(keys())) as RequestListener,
  }
  const server = createServer((request, response) => {
    provider.requests++
    provider.answer(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  const fetchKeys = createKeyFetch({ allow: ['127.0.0.1'] })
  const verifier = createAssertionVerifier({ audiences: ['us'], clock: () => startMs, fetchKeys })
  const verify = (token: string): Promise<string> =>
    verifier.verify(token, iss, { jwksUri }).then(
      () => 'accepted',
      (error: { code?: string }) => String(error.code),
    )
  const good = forge(jwk, { alg: 'ES256', kid: jwk.kid }, claims)
  return Object.assign(provider, { verify, good, close: () => server.close() })
}

async function floodKids(): Promise<string> {
  const { verify, good, close, ...provider } = await startProvider()
  const complaints: string[] = []
  const [, payload, signature] = good.split('.')
  const before = await verify(good)
  for (let index = 0; index < 10_000; index++) {
    const end = await verify(`${encode({ alg: 'ES256', kid: `kid-${index}` })}.${payload}.${signature}`)
    if (end !== 'INVALID_TOKEN') complaints.push(`token ${index} is ${end}`)
    if (index % 1_000 === 0 && (await verify(good)) !== 'accepted') complaints.push('a good token is refused meanwhile')
  }
  if (before !== 'accepted') complaints.push('a good token is refused')
  if (provider.requests > 2) complaints.push(`the key set was fetched ${provider.requests} times`)
  close()
  return judge(complaints, 'one fetch, good ones pass')
}

const failures: Readonly<Record<string, RequestListener>> = {
  'a key set of 5 MB': (_request, response) => void response.end(`{"keys":[${'{},'.repeat(1_700_000)}{}]}`),
  'an error': (_request, response) => void response.writeHead(500).end(),
  'a redirect': (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  HTML: (_request, response) => void response.end('<html>'),
  'no key set': (_request, response) => void response.end('{"keys":{}}'),
  'a broken connection': (request) => void request.socket.destroy(),
}

async function failFirst(): Promise<string> {
  const complaints: string[] = []
  for (const [what, answer] of Object.entries(failures)) {
    const provider = await startProvider()
    provider.answer = answer
    const ends = [await provider.verify(provider.good), await provider.verify(provider.good)]
    if (ends.join() !== 'INVALID_TOKEN,INVALID_TOKEN') complaints.push(`${what}: ${ends.join()}`)
    if (provider.requests !== 1) complaints.push(`${what}: ${provider.requests} requests`)
    provider.close()
  }
  return judge(complaints, 'INVALID_TOKEN')
}

async function failDuringRotation(): Promise<string> {
  const complaints: string[] = []
  const later = await bench('ES256')
  const rotated = forge(later.jwk, { alg: 'ES256', kid: later.jwk.kid }, claims)
  for (const [what, answer] of Object.entries(failures)) {
    const provider = await startProvider()
    await provider.verify(provider.good)
    provider.answer = answer
    if ((await provider.verify(rotated)) !== 'INVALID_TOKEN') complaints.push(`${what}: an unknown key is accepted`)
    if ((await provider.verify(provider.good)) !== 'accepted') complaints.push(`${what}: a cached key is gone`)
    provider.close()
  }
  return judge(complaints, 'cached keys used')
}

/** The classes of Wycheproof's vectors for JWS and JWK, as vectors of our own: its files are in no package. */
async function runWycheproofClasses(): Promise<string> {
  const { issuer, jwk } = await bench('RS256')
  const other = await bench('RS256')
  const ec = await bench('ES256')
  const header = { alg: 'RS256', typ: 'JWT', kid: jwk.kid }
  const payload = {
    iss: 'https://login.example/',
    sub: 'auth0|ada',
    aud: 'demo-app',
    iat: nowSeconds,
    exp: nowSeconds + 3600,
  }
  const good = forge(jwk, header, payload)
  const [head = '', body = '', signature = ''] = good.split('.')
  const flip = (text: string, at: number): string =>
    `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
  const flat = { payload: body, protected: head, signature }
  const classes: Readonly<Record<string, readonly string[]>> = {
    ModifiedPadding: ['=', '==', '\n', ' ', '.', '%3D'].flatMap((end) => [
      `${head}.${body}.${signature}${end}`,
      `${head}${end}.${body}.${signature}`,
      `${head}.${body}${end}.${signature}`,
    ]),
    ModifiedSignature: Array.from({ length: 45 }, (_, index) => `${head}.${body}.${flip(signature, index * 7)}`),
    ModifiedHeaderOrPayload: [`${flip(head, 9)}.${body}.${signature}`, `${head}.${flip(body, 20)}.${signature}`],
    WrongPrimitive: [
      forgeHmac('secret', header, payload),
      ...['PS256', 'RS384', 'RS512', 'ES256', 'HS256', 'EdDSA', 'RS1'].map((alg) =>
        forge(jwk, { ...header, alg }, payload),
      ),
    ],
    AlgIsNone: ['none', 'None', 'NONE', 'nOnE'].map((alg) => `${encode({ ...header, alg })}.${body}.`),
    WrongKey: [forge(other.jwk, header, payload), forge(ec.jwk, { ...header, alg: 'ES256' }, payload)],
    JsonSerialization: [
      JSON.stringify(flat),
      JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
    ],
  }
  const complaints: string[] = []
  if (!(await issuer.verifyIdToken(good).then(Boolean, () => false))) complaints.push('the valid vector is refused')
  for (const [name, tokens] of Object.entries(classes)) {
    for (const token of tokens)
      await issuer.verifyIdToken(token).then(
        () => complaints.push(`${name} is accepted`),
        () => 0,
      )
  }
  return judge(complaints, 'as Wycheproof expects')
}

/** Key sets with a kid twice, with keys of several kinds, and with symmetric keys. */
async function mixKeys(): Promise<string> {
  const [first, second, rsa] = await Promise.all([bench('ES256'), bench('ES256'), bench('RS256')])
  const pub = (one: typeof first) => one.keyring.getJwks().keys[0] ?? {}
  const fetchKeys = createKeyFetch({ allow: ['127.0.0.1'] })
  const verifier = createAssertionVerifier({ audiences: ['us'], clock: () => startMs, fetchKeys })
  const verify = (token: string, keys: readonly object[]): Promise<string> =>
    verifier.verify(token, iss, { jwks: { keys: keys as never } }).then(
      () => 'accepted',
      () => 'refused',
    )
  const token = forge(first.jwk, { alg: 'ES256', kid: 'k' }, claims)
  const symmetric = { kty: 'oct', k: encode('secret'), kid: 'k', alg: 'HS256' }
  const tries: readonly (readonly [what: string, expected: string, end: Promise<string>])[] = [
    ['one key', 'accepted', verify(token, [{ ...pub(first), kid: 'k' }])],
    [
      'mixed kinds',
      'accepted',
      verify(token, [
        { ...pub(rsa), kid: 'r' },
        { ...pub(first), kid: 'k' },
      ]),
    ],
    ['another key of that kid', 'refused', verify(token, [{ ...pub(second), kid: 'k' }])],
    [
      'a kid twice',
      'refused',
      verify(token, [
        { ...pub(second), kid: 'k' },
        { ...pub(first), kid: 'k' },
      ]),
    ],
    ['a symmetric key', 'refused', verify(forgeHmac('secret', { alg: 'HS256', kid: 'k' }, claims), [symmetric])],
    ['a key for encryption', 'refused', verify(token, [{ ...pub(first), kid: 'k', use: 'enc' }])],
  ]
  const complaints: string[] = []
  for (const [what, expected, end] of tries) if ((await end) !== expected) complaints.push(`${what}: ${await end}`)
  return judge(complaints, 'one key, or refused')
}

/** Key sets of other issuers, and the classes of Wycheproof. */
export const keySetCases: readonly ProgramCase[] = [
  {
    id: 'JW-04',
    mechanism: 'a kid twice, keys of several kinds, symmetric keys, keys for encryption',
    expected: 'one key, or refused',
    variants: hostOnly,
    run: mixKeys,
  },
  {
    id: 'JW-07',
    mechanism: 'ten thousand tokens with a kid of their own',
    expected: 'one fetch, good ones pass',
    variants: hostOnly,
    run: floodKids,
  },
  {
    id: 'JW-07',
    mechanism: 'a key set of 5 MB, and five other failures, at the first fetch',
    expected: 'INVALID_TOKEN',
    variants: hostOnly,
    run: failFirst,
  },
  {
    id: 'JW-08',
    mechanism: 'the classes of Wycheproof’s JWS vectors, as vectors of our own (its files are in no npm package)',
    expected: 'as Wycheproof expects',
    variants: hostOnly,
    run: runWycheproofClasses,
  },
  {
    id: 'FT-02',
    mechanism: 'key sets that fail during a rotation',
    expected: 'cached keys used',
    variants: hostOnly,
    run: failDuringRotation,
  },
]
