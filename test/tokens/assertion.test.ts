import { createKeyFetch } from '../../src/login/tokens/create-key-fetch.ts'
import { createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createAssertionVerifier, decodeIssuer } from '../../src/tokens/assertion.ts'
import type { SigningAlgorithm } from '../../src/tokens/keyring.ts'
import { bench, encode, forge, forgeHmac, nowSeconds, startMs } from './forge.ts'

const iss = 'https://provider.example/'
const aud = 'https://login.example/'
const tokenEndpoint = 'https://login.example/oauth/token'
const verifier = createAssertionVerifier({
  fetchKeys: createKeyFetch({ allow: ['127.0.0.1'] }),
  audiences: [aud, tokenEndpoint],
  clock: () => startMs,
})
const claims = { iss, sub: '1', aud, exp: nowSeconds + 300 }

async function provider(algorithm: SigningAlgorithm) {
  const { jwk, keyring } = await bench(algorithm)
  const [publicKey = {}] = keyring.getJwks().keys
  const keys = { jwks: { keys: [{ ...publicKey }] } }
  const header = { alg: algorithm, kid: jwk.kid }
  const verify = (assertion: string) => verifier.verify(assertion, iss, keys)
  return { jwk, publicKey, keys, header, verify, sign: (more: object) => forge(jwk, header, { ...claims, ...more }) }
}

const es = await provider('ES256')
const refused = { code: 'INVALID_TOKEN' }

test.each(['RS256', 'ES256', 'EdDSA'] as const)(
  'an assertion signed with %s is accepted, kid or none',
  async (name) => {
    const { jwk, header, verify } = await provider(name)
    expect(await verify(forge(jwk, header, claims))).toEqual(claims)
    expect(await verify(forge(jwk, { alg: name, typ: 'JWT' }, claims))).toEqual(claims)
  },
)

test.each([
  { aud: [tokenEndpoint] },
  { aud: ['https://other.example', aud] },
  { iat: nowSeconds + 60 },
  { iat: nowSeconds - 86_400 },
  { exp: nowSeconds - 59 },
  { exp: nowSeconds + 86_400 },
  { jti: 'once' },
  { azp: 'the-client-of-the-provider' },
])('%j is accepted', async (more) => {
  expect(await es.verify(es.sign(more))).toMatchObject({ sub: '1' })
})

test.each([
  { iss: undefined },
  { iss: 'https://provider.example' },
  { iss: [iss] },
  { aud: undefined },
  { aud: 'https://login.example.evil.example/' },
  { aud: [] },
  { aud: [['https://login.example/']] },
  { sub: undefined },
  { sub: '' },
  { sub: 1 },
  { exp: undefined },
  { exp: nowSeconds - 60 },
  { exp: String(nowSeconds + 300) },
  { exp: nowSeconds + 300.5 },
  { exp: nowSeconds + 86_461 },
  { exp: 1e300 },
  { iat: nowSeconds + 61 },
  { iat: null },
  { nbf: nowSeconds + 61 },
  { jti: '' },
  { jti: 7 },
])('%j is refused', async (more) => {
  await expect(es.verify(es.sign(more))).rejects.toMatchObject(refused)
})

describe('a header that asks for something else', () => {
  test.each([
    { kid: 'k'.repeat(129) },
    { kid: 'unknown' },
    { kid: 1 },
    { typ: 'at+jwt' },
    { crit: ['exp'], exp: 1 },
    { b64: true },
    { alg: 'RS256' },
  ])('%j is refused', async (more) => {
    await expect(es.verify(forge(es.jwk, { ...es.header, ...more }, claims))).rejects.toMatchObject(refused)
  })

  test.each(['none', 'None', '', null])('alg %j is refused, signed or not', async (alg) => {
    const signature = es.sign({}).split('.')[2]
    for (const end of ['', signature]) {
      const assertion = `${encode({ ...es.header, alg })}.${encode(claims)}.${end}`
      await expect(es.verify(assertion)).rejects.toMatchObject(refused)
    }
  })

  test('the public key is no HMAC secret', async () => {
    const pem = createPublicKey({ key: { ...es.publicKey }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    for (const secret of [pem, JSON.stringify(es.publicKey)]) {
      const assertion = forgeHmac(secret, { ...es.header, alg: 'HS256' }, claims)
      await expect(es.verify(assertion)).rejects.toMatchObject(refused)
    }
  })

  test('jwk and jku do not count: another key is refused, and the right one is accepted', async () => {
    const attacker = await provider('ES256')
    const bait = { jwk: attacker.publicKey, jku: 'http://127.0.0.1:9/', x5u: 'http://127.0.0.1:9/' }
    const theirs = forge(attacker.jwk, { ...es.header, ...bait }, claims)
    await expect(es.verify(theirs)).rejects.toMatchObject(refused)
    expect(await es.verify(forge(es.jwk, { ...es.header, ...bait }, claims))).toEqual(claims)
  })
})

describe('before any key is looked for', () => {
  test('the issuer of an assertion is read', () => {
    expect(decodeIssuer(es.sign({}))).toBe(iss)
  })

  test.each([
    ['nothing', ''],
    ['no JWT', 'a.b'],
    ['a payload that is no object', forge(es.jwk, es.header, [])],
    ['a payload that is no JSON', forge(es.jwk, es.header, '{')],
    ['no iss', es.sign({ iss: undefined })],
    ['an iss that is no text', es.sign({ iss: { $ne: '' } })],
    ['16 kB and more', es.sign({ padding: 'x'.repeat(16_384) })],
    ['an encrypted one', 'a.b.c.d.e'],
  ])('%s is refused', (_, assertion) => {
    expect(() => decodeIssuer(assertion)).toThrow(expect.objectContaining(refused))
  })
})

test.each([
  { jwks: { keys: [] } },
  { jwks: { keys: [{ kty: 'EC' }] } },
  { jwks: { keys: [{ ...es.jwk }] } },
  { jwks: { keys: 'x' as never } },
  { jwks: { keys: [{ ...es.publicKey, use: 'enc' }] } },
  {},
])('a key set that cannot verify refuses: %#', async (keys) => {
  await expect(verifier.verify(es.sign({}), iss, keys)).rejects.toMatchObject(refused)
})
