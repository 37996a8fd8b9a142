import { createHmac, createPrivateKey, sign } from 'node:crypto'
import type { JWK } from 'jose'
import type { Keyring, SigningAlgorithm } from '../../src/tokens/keyring.ts'
import { createKeyring } from '../../src/tokens/keyring.ts'
import type { TokenIssuer } from '../../src/tokens/issuer.ts'
import { createIssuer } from '../../src/tokens/issuer.ts'

export const issuerUrl = 'https://login.example/'
export const startMs = Date.UTC(2026, 5, 1)
export const nowSeconds = startMs / 1000

export interface Bench {
  readonly keyring: Keyring
  readonly issuer: TokenIssuer
  /** The private key that signs: hostile tokens are made with it, so that nothing but the fault can refuse them. */
  readonly jwk: JWK
  readonly time: { nowMs: number }
}

/** An issuer with one real key and a clock that stands still. */
export async function bench(algorithm: SigningAlgorithm = 'ES256'): Promise<Bench> {
  const time = { nowMs: startMs }
  const clock = () => time.nowMs
  const keyring = await createKeyring({ algorithm, clock })
  const [jwk] = await keyring.exportPrivateJwks()
  if (jwk === undefined) throw new Error('a new keyring holds one key')
  return { keyring, issuer: createIssuer({ issuer: issuerUrl, keyring, clock }), jwk, time }
}

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token made by hand, signed properly for the header's own `alg` whatever else the header says. */
export function forge(jwk: JWK, header: unknown, payload: unknown): string {
  const input = `${encode(header)}.${encode(payload)}`
  const digest = jwk.kty === 'OKP' ? null : 'sha256'
  const key = { key: createPrivateKey({ key: { ...jwk }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const
  return `${input}.${sign(digest, Buffer.from(input), key).toString('base64url')}`
}

export function forgeHmac(secret: string | Buffer, header: unknown, payload: unknown): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** The header and the payload of an ID token that verifies, to be spoiled in one place. */
export const goodHeader = (jwk: JWK) => ({ alg: jwk.alg, typ: 'JWT', kid: jwk.kid })

export const goodPayload = {
  iss: issuerUrl,
  sub: 'auth0|ada',
  aud: 'demo-app',
  iat: nowSeconds,
  exp: nowSeconds + 3600,
}

export const idTokenInput = {
  sub: 'auth0|ada',
  audience: 'demo-app',
  claims: {},
  ruleClaims: {},
  expiresInSeconds: 3600,
}

export const accessTokenInput = {
  sub: 'auth0|ada',
  audience: 'https://api.example/',
  clientId: 'demo-app',
  scope: 'openid profile',
  ruleClaims: {},
  expiresInSeconds: 3600,
}
