import type { CryptoKey, JWK } from 'jose'
import { CompactSign, calculateJwkThumbprint, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'

export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** A key after it was parsed and checked. */
export interface SigningKey {
  readonly kid: string
  readonly algorithm: SigningAlgorithm
  readonly createdAtMs: number
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly publicJwk: JWK
  /** With `iat`, the time of creation in seconds, as OpenID Federation 1.0 section 8.7 writes it into a JWK. */
  readonly privateJwk: JWK
}

export const maxKidLength = 128

const members = {
  RS256: { kty: 'RSA', open: ['n', 'e'], secret: ['d', 'p', 'q', 'dp', 'dq', 'qi'] },
  ES256: { kty: 'EC', crv: 'P-256', open: ['crv', 'x', 'y'], secret: ['d'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', open: ['crv', 'x'], secret: ['d'] },
} as const satisfies Record<SigningAlgorithm, object>

const algorithms = Object.keys(members) as SigningAlgorithm[]

export async function generateSigningKey(algorithm: SigningAlgorithm, createdAtMs: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return await readSigningKey(await exportJWK(privateKey), createdAtMs)
}

/**
 * Reads a private JWK. Its `kid` is kept; the default is the RFC 7638 thumbprint.
 *
 * @throws {ClaimsmithError} INVALID_KEY if it is not a private key of a known algorithm, or its two parts do not match.
 */
export async function readSigningKey(
  jwk: Readonly<Record<string, unknown>>,
  defaultCreatedAtMs: number,
): Promise<SigningKey> {
  const algorithm = detectAlgorithm(jwk)
  const { kty, open, secret } = members[algorithm]
  const publicParts: JWK = { kty, ...pick(jwk, open) }
  const kid =
    jwk['kid'] ?? (await calculateJwkThumbprint(publicParts).catch(createRejection('its public part is incomplete')))
  if (typeof kid !== 'string' || kid === '' || kid.length > maxKidLength) {
    throw createKeyError(`its "kid" is not a string of 1 to ${maxKidLength} characters`)
  }
  const keyParameters: JWK = { kid, alg: algorithm, use: 'sig' }
  const publicJwk: JWK = { ...publicParts, ...keyParameters }
  const createdAtMs = typeof jwk['iat'] === 'number' ? jwk['iat'] * 1000 : defaultCreatedAtMs
  const privateJwk = { ...publicJwk, ...pick(jwk, secret), iat: Math.floor(createdAtMs / 1000) }
  const rejectUnreadable = createRejection(
    `it is not a complete private ${algorithm} key (RSA needs 2048 bits or more)`,
  )
  const key = {
    privateKey: await importKey(privateJwk, algorithm).catch(rejectUnreadable),
    publicKey: await importKey(publicJwk, algorithm).catch(rejectUnreadable),
  }
  await verifyKeyPair(key, algorithm)
  return { kid, algorithm, createdAtMs, ...key, publicJwk, privateJwk }
}

function detectAlgorithm(jwk: Readonly<Record<string, unknown>>): SigningAlgorithm {
  const algorithm = algorithms.find((name) => {
    const shape = members[name]
    return jwk['kty'] === shape.kty && (!('crv' in shape) || jwk['crv'] === shape.crv)
  })
  if (algorithm === undefined) throw createKeyError('it is none of RSA, EC P-256 and OKP Ed25519')
  // RFC 9864 names EdDSA over this curve Ed25519.
  const alg = jwk['alg'] === 'Ed25519' ? 'EdDSA' : jwk['alg']
  if (alg !== undefined && alg !== algorithm) throw createKeyError(`its "alg" is not ${algorithm}`)
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') throw createKeyError('its "use" is not sig')
  if (members[algorithm].secret.some((name) => typeof jwk[name] !== 'string'))
    throw createKeyError('it has no private part')
  return algorithm
}

async function importKey(jwk: JWK, algorithm: SigningAlgorithm): Promise<CryptoKey> {
  return (await importJWK(jwk, algorithm, { extractable: false })) as CryptoKey
}

async function verifyKeyPair(key: Pick<SigningKey, 'privateKey' | 'publicKey'>, alg: SigningAlgorithm): Promise<void> {
  const rejectMismatch = createRejection(
    'its private and its public part do not belong together, or RSA has fewer than 2048 bits',
  )
  const sample = await new CompactSign(Buffer.from('claimsmith'))
    .setProtectedHeader({ alg })
    .sign(key.privateKey)
    .catch(rejectMismatch)
  await compactVerify(sample, key.publicKey, { algorithms: [alg] }).catch(rejectMismatch)
}

function pick(jwk: Readonly<Record<string, unknown>>, names: readonly string[]): JWK {
  return Object.fromEntries(names.map((name) => [name, jwk[name]]))
}

function createRejection(reason: string): () => never {
  // Without the causes: some quote the key.
  return () => {
    throw createKeyError(reason)
  }
}

function createKeyError(reason: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_KEY', `A signing key must be a private JWK for RS256, ES256 or EdDSA; ${reason}.`)
}
