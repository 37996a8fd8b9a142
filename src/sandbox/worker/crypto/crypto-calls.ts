import {
  createHash,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  pbkdf2Sync,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
  randomInt,
  randomUUID,
  scryptSync,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import { runCipher, type CipherInput } from './cipher.ts'
import { type SerializedKey, toKeyObject, readKey, writeKey, type KeyExport } from './keys.ts'

/** Bytes cross as base64. */
type Base64 = string

interface SignInput {
  readonly algorithm: string | null
  readonly key: SerializedKey
  readonly data: Base64
  readonly signature?: Base64
  readonly dsaEncoding?: 'der' | 'ieee-p1363'
  readonly padding?: number
  readonly saltLength?: number
}

interface RsaInput {
  readonly way: 'publicEncrypt' | 'publicDecrypt' | 'privateEncrypt' | 'privateDecrypt'
  readonly key: SerializedKey
  readonly data: Base64
  readonly padding?: number
  readonly oaepHash?: string
}

interface DeriveInput {
  readonly secret: Base64
  readonly salt: Base64
  readonly length: number
  readonly digest: string
  readonly iterations: number
  readonly info: Base64
  readonly cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem?: number }
}

interface KeyPairOptions {
  readonly type: string
  readonly modulusLength?: number
  readonly namedCurve?: string
}

/** The host cannot be interrupted while it works for a rule, so each call is bounded: to some 200 ms. */
const maxIterations = 1_000_000
const maxScryptWork = 2 ** 20
const maxDerivedBytes = 1_024
const maxRandomBytes = 65_536
const maxNewRsaBits = 2_048

const decodeBase64 = (text: Base64): Buffer => Buffer.from(text, 'base64')

/** The host's part of `crypto` in a realm. Each call takes and returns JSON-like values, and throws OpenSSL's errors. */
export const cryptoCalls: Readonly<Record<string, (input: never) => unknown>> = {
  hash: ({ algorithm, data, length }: { algorithm: string; data: Base64; length?: number }) =>
    createHash(
      algorithm,
      length === undefined ? {} : { outputLength: assertAtMost(length, maxRandomBytes, 'outputLength') },
    )
      .update(decodeBase64(data))
      .digest('base64'),
  hmac: ({ algorithm, key, data }: { algorithm: string; key: Base64; data: Base64 }) =>
    createHmac(algorithm, decodeBase64(key)).update(decodeBase64(data)).digest('base64'),
  random: ({ size }: { size: number }) => randomBytes(assertAtMost(size, maxRandomBytes, 'size')).toString('base64'),
  randomInt: ({ min, max }: { min: number; max: number }) => randomInt(min, max),
  uuid: () => randomUUID(),
  equal: ({ one, other }: { one: Base64; other: Base64 }) => timingSafeEqual(decodeBase64(one), decodeBase64(other)),
  pbkdf2({ secret, salt, iterations, length, digest }: DeriveInput) {
    assertAtMost(length, maxDerivedBytes, 'keylen')
    // All iterations run again for each block of the key. A block is as long as the digest: 20 bytes or more.
    assertAtMost(iterations * Math.max(1, length / 64), maxIterations, 'iterations, times keylen / 64,')
    return pbkdf2Sync(decodeBase64(secret), decodeBase64(salt), iterations, length, digest).toString('base64')
  },
  scrypt({ secret, salt, length, cost }: DeriveInput) {
    assertAtMost(length, maxDerivedBytes, 'keylen')
    assertAtMost(cost.N * cost.r * cost.p, maxScryptWork, 'cost times blockSize times parallelization')
    return scryptSync(decodeBase64(secret), decodeBase64(salt), length, cost).toString('base64')
  },
  hkdf: ({ secret, salt, info, length, digest }: DeriveInput) =>
    Buffer.from(hkdfSync(digest, decodeBase64(secret), decodeBase64(salt), decodeBase64(info), length)).toString(
      'base64',
    ),
  cipher: (input: CipherInput) => runCipher(input),
  sign: ({ algorithm, key, data, ...options }: SignInput) =>
    sign(algorithm, decodeBase64(data), { key: toKeyObject(key), ...options }).toString('base64'),
  verify: ({ algorithm, key, data, signature = '', ...options }: SignInput) =>
    verify(algorithm, decodeBase64(data), { key: toKeyObject(key), ...options }, decodeBase64(signature)),
  rsa: ({ way, key, data, ...options }: RsaInput) =>
    rsaOperations[way]({ key: toKeyObject(key), ...options }, decodeBase64(data)).toString('base64'),
  newKeys({ type, modulusLength = 0, namedCurve }: KeyPairOptions) {
    assertAtMost(modulusLength, maxNewRsaBits, 'modulusLength')
    const { publicKey, privateKey } = generateKeyPairSync(
      type as 'ec',
      {
        ...(modulusLength === 0 ? {} : { modulusLength }),
        ...(namedCurve === undefined ? {} : { namedCurve }),
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      } as never,
    )
    return { publicKey, privateKey }
  },
  readKey,
  writeKey: (input: KeyExport) => writeKey(input),
}

const rsaOperations = { publicEncrypt, publicDecrypt, privateEncrypt, privateDecrypt } as const

function assertAtMost(value: number, max: number, label: string): number {
  if (value <= max) return value
  throw Object.assign(new RangeError(`${label} may be at most ${max} in a rule`), { code: 'LIMIT_EXCEEDED' })
}
