import { describe, expect, test } from 'vitest'
import { createIssuer } from '../../src/tokens/issuer.ts'
import { createKeyring } from '../../src/tokens/keyring.ts'
import {
  accessTokenInput,
  bench,
  forge,
  goodHeader,
  goodPayload,
  idTokenInput,
  issuerUrl,
  nowSeconds,
} from './forge.ts'

const { issuer, jwk, keyring, time } = await bench()
const refused = { code: 'INVALID_TOKEN' }
const verify = async (payload: unknown, header: object = {}) =>
  await issuer.verifyIdToken(forge(jwk, { ...goodHeader(jwk), ...header }, payload))

describe('JW-05: a token signed by our key is refused for one wrong claim', () => {
  test.each([
    { exp: undefined },
    { exp: nowSeconds - 60 },
    { exp: 0 },
    { exp: -1 },
    { exp: -nowSeconds },
    { exp: '1e99' },
    { exp: String(nowSeconds + 3600) },
    { exp: 1e99 },
    { exp: null },
    { exp: [nowSeconds + 3600] },
    { exp: { valueOf: 1 } },
    { exp: true },
    { exp: nowSeconds + 0.5 },
    { nbf: nowSeconds + 61 },
    { nbf: '0' },
    { nbf: null },
    { nbf: -1 },
    { nbf: [0] },
    { iat: undefined },
    { iat: nowSeconds + 61 },
    { iat: 1e99 },
    { iat: '0' },
    { iat: null },
    { iat: -1 },
    { aud: undefined },
    { aud: null },
    { aud: 1 },
    { aud: [] },
    { aud: ['demo-app', 1] },
    { aud: [['demo-app']] },
    { aud: { 0: 'demo-app', length: 1 } },
    { iss: undefined },
    { iss: 'https://login.example' },
    { iss: 'https://LOGIN.example/' },
    { iss: [issuerUrl] },
    { iss: null },
    { sub: undefined },
    { sub: '' },
    { sub: 1 },
    { sub: ['auth0|ada'] },
    { azp: 'somebody-else' },
    { azp: ['demo-app'] },
    { azp: null },
  ])('%j', async (wrong) => {
    await expect(verify({ ...goodPayload, ...wrong })).rejects.toMatchObject(refused)
  })

  test.each(['NaN', 'null', '[]', '"x"', '1', '', '{', '{"exp":NaN}', '\u{FEFF}{}'])(
    'a payload that is %j',
    async (text) => {
      await expect(issuer.verifyIdToken(forge(jwk, goodHeader(jwk), text))).rejects.toMatchObject(refused)
    },
  )

  test.each([{ exp: nowSeconds - 59 }, { nbf: nowSeconds + 60 }, { iat: nowSeconds + 60 }, { azp: 'demo-app' }])(
    'a clock may be a minute off: %j passes',
    async (claims) => {
      await expect(verify({ ...goodPayload, ...claims })).resolves.toMatchObject(claims)
    },
  )

  test('an issued token ends a minute after its expiry at the latest', async () => {
    const token = await issuer.signIdToken(idTokenInput)
    time.nowMs += 3_659_000
    await expect(issuer.verifyIdToken(token)).resolves.toMatchObject({ sub: 'auth0|ada' })
    time.nowMs += 1_000
    await expect(issuer.verifyIdToken(token)).rejects.toMatchObject({ ...refused, details: { reason: 'expired' } })
    time.nowMs = nowSeconds * 1000
  })
})

describe('JW-06: one kind of token is never taken for another', () => {
  test('an ID token is no access token, and an access token is no ID token', async () => {
    const idToken = await issuer.signIdToken(idTokenInput)
    const accessToken = await issuer.signAccessToken(accessTokenInput)
    await expect(issuer.verifyAccessToken(idToken)).rejects.toMatchObject(refused)
    await expect(issuer.verifyIdToken(accessToken)).rejects.toMatchObject(refused)
  })

  const types = [undefined, '', 'jwt+at', 'at+jwt2', 'logout+jwt', ['JWT'], null, 1]
  test.each(types.map((typ) => ({ typ })))('%j is neither', async ({ typ }) => {
    const token = forge(jwk, { ...goodHeader(jwk), typ }, goodPayload)
    await expect(issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
    await expect(issuer.verifyAccessToken(token)).rejects.toMatchObject(refused)
  })

  test('an access token for another audience is refused', async () => {
    const token = await issuer.signAccessToken({ ...accessTokenInput, audience: 'https://login.example/api/v2/' })
    await expect(issuer.verifyAccessToken(token, { audience: 'https://api.example/' })).rejects.toMatchObject(refused)
    await expect(issuer.verifyAccessToken(token, { audience: 'https://login.example/api' })).rejects.toMatchObject(
      refused,
    )
  })

  test("another tenant's token is refused, with its key and with ours", async () => {
    const theirs = createIssuer({ issuer: issuerUrl, keyring: await createKeyring(), clock: () => time.nowMs })
    const sameKey = createIssuer({ issuer: 'https://other.example/', keyring, clock: () => time.nowMs })
    await expect(issuer.verifyIdToken(await theirs.signIdToken(idTokenInput))).rejects.toMatchObject(refused)
    await expect(issuer.verifyIdToken(await sameKey.signIdToken(idTokenInput))).rejects.toMatchObject(refused)
  })
})

test('a token over 16 kB is refused, whatever it holds', async () => {
  const token = await issuer.signIdToken({ ...idTokenInput, ruleClaims: { big: 'x'.repeat(12_500) } })
  expect(token.length).toBeGreaterThan(16_384)
  await expect(issuer.verifyIdToken(token)).rejects.toThrow('longer than 16384 bytes')
  const roomy = createIssuer({ issuer: issuerUrl, keyring, clock: () => time.nowMs, maxPresentedBytes: 100_000 })
  await expect(roomy.verifyIdToken(token)).resolves.toMatchObject({ sub: 'auth0|ada' })
})

test('a refusal never repeats the token or its claims', async () => {
  const secret = 'ada-lovelace-secret'
  const payloads = [{ exp: 0 }, { iss: secret }, { aud: [1, secret] }, { sub: [secret] }, { azp: secret }]
  for (const wrong of payloads) {
    const token = forge(jwk, goodHeader(jwk), { ...goodPayload, note: secret, ...wrong })
    const error: unknown = await issuer.verifyIdToken(token).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Error)
    const { message, stack, details, cause } = error as Error & { details: unknown }
    expect(cause).toBeUndefined()
    expect(`${message} ${stack} ${JSON.stringify(details)}`).not.toContain(secret)
    expect(`${message} ${stack} ${JSON.stringify(details)}`).not.toContain(token.slice(0, 40))
  }
})
