import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { reservedClaims } from '../../src/profile/context/reserved-claims.ts'
import { createIssuer } from '../../src/tokens/issuer.ts'
import type { SigningAlgorithm } from '../../src/tokens/keyring.ts'
import { accessTokenInput, bench, idTokenInput, issuerUrl, nowSeconds } from './forge.ts'

const { issuer, keyring, jwk } = await bench()
const hostile = Object.fromEntries(reservedClaims.map((name) => [name, `forged ${name}`]))

const withLimit = (maxTokenBytes: number) =>
  createIssuer({ issuer: issuerUrl, keyring, clock: () => nowSeconds * 1000, maxTokenBytes }).signIdToken(idTokenInput)

describe('an ID token', () => {
  test('carries the protocol claims and names its key', async () => {
    const token = await issuer.signIdToken({ ...idTokenInput, nonce: 'n-1', authTimeSeconds: 7, sid: 's-1' })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT', kid: jwk.kid })
    expect(decodeJwt(token)).toEqual({
      iss: issuerUrl,
      sub: 'auth0|ada',
      aud: 'demo-app',
      iat: nowSeconds,
      exp: nowSeconds + 3600,
      nonce: 'n-1',
      auth_time: 7,
      sid: 's-1',
    })
  })

  test('takes profile claims first, and a rule wins over them', async () => {
    const claims = { name: 'Ada', picture: 'raw.png' }
    const token = await issuer.signIdToken({
      ...idTokenInput,
      claims,
      ruleClaims: { picture: 'rule.png', 'https://x/r': [1] },
    })
    expect(decodeJwt(token)).toMatchObject({ name: 'Ada', picture: 'rule.png', 'https://x/r': [1] })
  })

  test('lets neither a rule nor the profile set a reserved claim', async () => {
    const plain = await issuer.signIdToken(idTokenInput)
    const forged = await issuer.signIdToken({ ...idTokenInput, claims: hostile, ruleClaims: hostile })
    expect(decodeJwt(forged)).toEqual(decodeJwt(plain))
  })

  test.each<[SigningAlgorithm, string]>([
    ['RS256', 'sha256'],
    ['ES256', 'sha256'],
    ['EdDSA', 'sha512'],
  ])('signed with %s binds the access token by the left half of its %s', async (algorithm, hash) => {
    const { issuer: one } = await bench(algorithm)
    const accessToken = await one.signAccessToken(accessTokenInput)
    const digest = createHash(hash).update(accessToken).digest()
    const token = await one.signIdToken({ ...idTokenInput, accessToken })
    expect(decodeJwt(token)['at_hash']).toBe(digest.subarray(0, digest.length / 2).toString('base64url'))
  })
})

describe('an access token', () => {
  test('is an RFC 9068 token', async () => {
    const token = await issuer.signAccessToken({
      ...accessTokenInput,
      sid: 's-1',
      jti: 'j-1',
      ruleClaims: { plan: 'gold' },
    })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid })
    expect(decodeJwt(token)).toEqual({
      iss: issuerUrl,
      sub: 'auth0|ada',
      aud: 'https://api.example/',
      client_id: 'demo-app',
      scope: 'openid profile',
      iat: nowSeconds,
      exp: nowSeconds + 3600,
      jti: 'j-1',
      sid: 's-1',
      plan: 'gold',
    })
  })

  test('leaves out an empty scope, and has an id of its own', async () => {
    const [one, two] = [
      await issuer.signAccessToken({ ...accessTokenInput, scope: '' }),
      await issuer.signAccessToken(accessTokenInput),
    ]
    expect(decodeJwt(one)).not.toHaveProperty('scope')
    expect(decodeJwt(one).jti).toMatch(/^[\da-f-]{36}$/)
    expect(decodeJwt(one).jti).not.toBe(decodeJwt(two).jti)
  })

  test('lets no rule set a reserved claim', async () => {
    const input = { ...accessTokenInput, jti: 'j-1', scope: '' }
    const forged = await issuer.signAccessToken({ ...input, ruleClaims: { ...hostile, kept: true } })
    expect(decodeJwt(forged)).toEqual({ ...decodeJwt(await issuer.signAccessToken(input)), kept: true })
  })

  test('may be for several audiences, and verifies for each', async () => {
    const audience = ['https://api.example/', `${issuerUrl}userinfo`]
    const token = await issuer.signAccessToken({ ...accessTokenInput, audience })
    for (const one of audience) {
      await expect(issuer.verifyAccessToken(token, { audience: one })).resolves.toMatchObject({ aud: audience })
    }
    await expect(issuer.verifyAccessToken(token)).resolves.toMatchObject({ client_id: 'demo-app' })
  })
})

test('a client verifies our tokens with the published keys', async () => {
  const token = await issuer.signIdToken(idTokenInput)
  const options = { issuer: issuerUrl, audience: 'demo-app', currentDate: new Date(nowSeconds * 1000) }
  await expect(jwtVerify(token, createLocalJWKSet(issuer.getJwks()), options)).resolves.toBeTruthy()
  expect(issuer.getJwks()).toEqual(keyring.getJwks())
})

describe('a token that is too large', () => {
  test('is not issued, and the error names its size and the limit', async () => {
    const ruleClaims = { 'https://x/secret': 'ada'.repeat(30_000) }
    for (const issue of [
      () => issuer.signIdToken({ ...idTokenInput, ruleClaims }),
      () => issuer.signAccessToken({ ...accessTokenInput, ruleClaims }),
    ]) {
      const error: unknown = await issue().catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'TOKEN_TOO_LARGE', details: { maxBytes: 100_000 } })
      expect((error as Error).message).toMatch(/token has 12\d{4} bytes; 100000 are allowed/)
      expect((error as Error).message).not.toContain('ada')
    }
  })

  test('is measured as it is sent: the limit itself passes', async () => {
    const exact = (await issuer.signIdToken(idTokenInput)).length
    await expect(withLimit(exact)).resolves.toHaveLength(exact)
    await expect(withLimit(exact - 1)).rejects.toMatchObject({ code: 'TOKEN_TOO_LARGE' })
  })
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  'a lifetime of %d seconds is refused',
  async (expiresInSeconds) => {
    await expect(issuer.signIdToken({ ...idTokenInput, expiresInSeconds })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  },
)

test.each(['', 'login.example', 'ftp://x/', 'https://x/?a', 'https://x/#a', 'https://user:pw@x/', 'javascript:1'])(
  'the issuer %j is refused',
  (wrong) => {
    expect(() => createIssuer({ issuer: wrong, keyring })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  },
)
