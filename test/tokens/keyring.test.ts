import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, test } from 'vitest'
import { createIssuer } from '../../src/tokens/issuer.ts'
import type { SigningAlgorithm } from '../../src/tokens/keyring.ts'
import { createKeyring } from '../../src/tokens/keyring.ts'
import { idTokenInput, issuerUrl, startMs } from './forge.ts'

const algorithms: SigningAlgorithm[] = ['RS256', 'ES256', 'EdDSA']
const jwkOf = (type: 'ec' | 'rsa', options: object) =>
  generateKeyPairSync(type as 'ec', options as { namedCurve: string }).privateKey.export({ format: 'jwk' })

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'iat']

describe.each(algorithms)('a generated %s key', async (algorithm) => {
  const keyring = await createKeyring({ algorithm, clock: () => startMs })
  const [publicJwk = {}] = keyring.getJwks().keys
  const [privateJwk = {}] = await keyring.exportPrivateJwks()

  test('is published without its private part, with kid, alg and use', async () => {
    expect(keyring.algorithm).toBe(algorithm)
    expect(Object.keys(publicJwk).filter((name) => secretMembers.includes(name))).toEqual([])
    expect(publicJwk).toMatchObject({ alg: algorithm, use: 'sig', kid: await calculateJwkThumbprint(publicJwk) })
    expect(createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).type).toBe('public')
  })

  test('is kept with its private part and the time it was made', () => {
    expect(privateJwk).toMatchObject({ ...publicJwk, iat: startMs / 1000 })
    expect(createPrivateKey({ key: { ...privateJwk }, format: 'jwk' }).type).toBe('private')
  })

  test('signs and verifies the same after it was stored as JSON and read back', async () => {
    const issue = (ring: typeof keyring) => createIssuer({ issuer: issuerUrl, keyring: ring, clock: () => startMs })
    const again = await createKeyring({ keys: JSON.parse(JSON.stringify([privateJwk])) as JWK[] })
    expect(again.getJwks()).toEqual(keyring.getJwks())
    await expect(issue(again).verifyIdToken(await issue(keyring).signIdToken(idTokenInput))).resolves.toBeTruthy()
    await expect(issue(keyring).verifyIdToken(await issue(again).signIdToken(idTokenInput))).resolves.toBeTruthy()
  })
})

test('RS256 is what is generated when nothing is said', async () => {
  expect((await createKeyring()).algorithm).toBe('RS256')
})

describe('rotation', () => {
  const overlapMs = 60_000
  async function ring() {
    const time = { nowMs: startMs }
    const clock = () => time.nowMs
    const keyring = await createKeyring({ algorithm: 'ES256', overlapMs, clock })
    return { time, clock, keyring, issuer: createIssuer({ issuer: issuerUrl, keyring, clock }) }
  }

  test('the new key signs at once and comes first; the old one verifies until the overlap ends', async () => {
    const { time, keyring, issuer } = await ring()
    const old = await issuer.signIdToken(idTokenInput)
    time.nowMs += 10_000_000
    await keyring.rotate('EdDSA')
    expect(keyring.algorithm).toBe('EdDSA')
    expect(keyring.getJwks().keys.map((key) => key.alg)).toEqual(['EdDSA', 'ES256'])
    const fresh = await issuer.signIdToken({ ...idTokenInput, expiresInSeconds: 100_000 })

    const oldButAlive = createIssuer({ issuer: issuerUrl, keyring, clock: () => startMs })
    await expect(oldButAlive.verifyIdToken(old)).resolves.toBeTruthy()
    time.nowMs += overlapMs - 1
    await expect(oldButAlive.verifyIdToken(old)).resolves.toBeTruthy()
    time.nowMs += 1
    await expect(oldButAlive.verifyIdToken(old)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    await expect(issuer.verifyIdToken(fresh)).resolves.toBeTruthy()
    expect(keyring.getJwks().keys).toHaveLength(1)
    expect(await keyring.exportPrivateJwks()).toHaveLength(1)
  })

  test('the overlap survives storing the keys and reading them in another process', async () => {
    const { time, clock, keyring } = await ring()
    time.nowMs += 5_000
    await keyring.rotate()
    time.nowMs += overlapMs - 1_000
    const again = await createKeyring({ keys: await keyring.exportPrivateJwks(), overlapMs, clock })
    expect(again.getJwks()).toEqual(keyring.getJwks())
    expect(again.getJwks().keys).toHaveLength(2)
    time.nowMs += 1_000
    expect(again.getJwks().keys).toHaveLength(1)
  })

  test('rotations at the same time lose no key', async () => {
    const { keyring } = await ring()
    await Promise.all([keyring.rotate(), keyring.rotate(), keyring.rotate()])
    expect(new Set(keyring.getJwks().keys.map((key) => key.kid)).size).toBe(4)
  })
})

describe('given keys', async () => {
  const ec = jwkOf('ec', { namedCurve: 'P-256' })
  const other = jwkOf('ec', { namedCurve: 'P-256' })
  const rsa = jwkOf('rsa', { modulusLength: 2048 })
  const { d: _, ...publicOnly } = ec

  test('need neither kid nor alg, and keep a kid of their own', async () => {
    const keyring = await createKeyring({ keys: [{ ...ec, kid: 'mine', key_ops: ['sign'], ext: true }, rsa] })
    expect(keyring.getJwks().keys.map(({ kid, alg, use }) => ({ kid, alg, use }))).toEqual([
      { kid: 'mine', alg: 'ES256', use: 'sig' },
      { kid: await calculateJwkThumbprint(rsa as JWK), alg: 'RS256', use: 'sig' },
    ])
    expect(keyring.algorithm).toBe('ES256')
  })

  test.each([
    ['a public key', publicOnly],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['another curve', jwkOf('ec', { namedCurve: 'P-384' })],
    ['RSA with 1024 bits', jwkOf('rsa', { modulusLength: 1024 })],
    ['a private part of another key', { ...ec, d: other.d }],
    ['a point that is not on the curve', { ...ec, x: other.x }],
    ['an alg of another kind', { ...ec, alg: 'RS256' }],
    ['alg none', { ...ec, alg: 'none' }],
    ['an encryption key', { ...ec, use: 'enc' }],
    ['a kid that is too long', { ...ec, kid: 'k'.repeat(129) }],
    ['a kid that is no string', { ...ec, kid: 7 }],
    ['an incomplete key', { ...rsa, qi: undefined }],
    ['an empty object', {}],
  ])('are refused when one is %s, without quoting it', async (_title, jwk) => {
    const error: unknown = await createKeyring({ keys: [jwk] }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'INVALID_KEY' })
    const { message, cause } = error as Error
    expect(cause).toBeUndefined()
    expect(message).not.toContain('d' in jwk ? String(jwk.d) : 'c2VjcmV0')
  })

  test('are refused when two share a kid', async () => {
    const keys = [
      { ...ec, kid: 'same' },
      { ...other, kid: 'same' },
    ]
    await expect(createKeyring({ keys })).rejects.toMatchObject({ code: 'INVALID_KEY' })
  })
})
