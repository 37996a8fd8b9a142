import {
  type KeyObject,
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
import {
  type OperationCost,
  estimateCipher,
  estimateDigest,
  estimateHkdf,
  estimatePbkdf2,
  estimateRandom,
  estimateScrypt,
} from '../calls/operation-cost.ts'
import { runCipher, type CipherInput } from './cipher.ts'
import { type KeyUse, estimateKeyGeneration, estimateKeyUse, readKeyTraits } from './key-cost.ts'
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

/** Lets an operation start that costs this; throws if the rule has not that much CPU left. */
export type Admit = (cost: OperationCost) => void

/** What one call may return: no limit of the isolate counts this memory. */
const maxNewBytes = 65_536
/** The memory of scrypt is 128 times `cost` times `blockSize` in bytes, which makes 128 MB. */
const maxScryptBlocks = 2 ** 20

const decodeBase64 = (text: Base64): Buffer => Buffer.from(text, 'base64')

/**
 * The host's part of `crypto` in a realm. Each call takes and returns JSON-like values, and throws OpenSSL's errors. The host
 * cannot be interrupted while it works, so each call is admitted by its estimated cost first.
 */
export const cryptoCalls: Readonly<Record<string, (input: never, admit: Admit) => unknown>> = {
  hash({ algorithm, data, length }: { algorithm: string; data: Base64; length?: number }, admit) {
    const options = length === undefined ? {} : { outputLength: assertAtMost(length, maxNewBytes, 'outputLength') }
    const bytes = decodeBase64(data)
    admit(estimateDigest(algorithm, bytes.length, length))
    return createHash(algorithm, options).update(bytes).digest('base64')
  },
  hmac({ algorithm, key, data }: { algorithm: string; key: Base64; data: Base64 }, admit) {
    const [secret, bytes] = [decodeBase64(key), decodeBase64(data)]
    admit(estimateDigest(algorithm, secret.length + bytes.length))
    return createHmac(algorithm, secret).update(bytes).digest('base64')
  },
  random({ size }: { size: number }, admit) {
    assertAtMost(size, maxNewBytes, 'size')
    admit(estimateRandom(size))
    return randomBytes(size).toString('base64')
  },
  randomInt: ({ min, max }: { min: number; max: number }) => randomInt(min, max),
  uuid: () => randomUUID(),
  equal: ({ one, other }: { one: Base64; other: Base64 }) => timingSafeEqual(decodeBase64(one), decodeBase64(other)),
  pbkdf2({ secret, salt, iterations, length, digest }: DeriveInput, admit) {
    assertAtMost(length, maxNewBytes, 'keylen')
    admit(estimatePbkdf2(digest, iterations, length))
    return pbkdf2Sync(decodeBase64(secret), decodeBase64(salt), iterations, length, digest).toString('base64')
  },
  scrypt({ secret, salt, length, cost }: DeriveInput, admit) {
    assertAtMost(length, maxNewBytes, 'keylen')
    assertAtMost(cost.N * cost.r, maxScryptBlocks, 'cost times blockSize')
    assertAtMost(cost.p * cost.r, maxScryptBlocks, 'parallelization times blockSize')
    admit(estimateScrypt(cost, length))
    return scryptSync(decodeBase64(secret), decodeBase64(salt), length, cost).toString('base64')
  },
  hkdf({ secret, salt, info, length, digest }: DeriveInput, admit) {
    const [secretBytes, saltBytes, infoBytes] = [decodeBase64(secret), decodeBase64(salt), decodeBase64(info)]
    admit(estimateHkdf(digest, secretBytes.length + saltBytes.length + infoBytes.length, length))
    return Buffer.from(hkdfSync(digest, secretBytes, saltBytes, infoBytes, length)).toString('base64')
  },
  cipher(input: CipherInput, admit) {
    admit(estimateCipher(input.algorithm, toByteLength(input.data)))
    return runCipher(input)
  },
  sign({ algorithm, key, data, ...options }: SignInput, admit) {
    const privateKey = admitKey('private', key, admit)
    const bytes = decodeBase64(data)
    admit(estimateDigest(algorithm ?? '', bytes.length))
    return sign(algorithm, bytes, { key: privateKey, ...options }).toString('base64')
  },
  verify({ algorithm, key, data, signature = '', ...options }: SignInput, admit) {
    const publicKey = admitKey('public', key, admit)
    const bytes = decodeBase64(data)
    admit(estimateDigest(algorithm ?? '', bytes.length))
    return verify(algorithm, bytes, { key: publicKey, ...options }, decodeBase64(signature))
  },
  rsa: ({ way, key, data, ...options }: RsaInput, admit) =>
    rsaOperations[way](
      { key: admitKey(way.startsWith('private') ? 'private' : 'public', key, admit), ...options },
      decodeBase64(data),
    ).toString('base64'),
  newKeys({ type, modulusLength, namedCurve }: KeyPairOptions, admit) {
    admit(estimateKeyGeneration({ type, modulusBits: modulusLength, curve: namedCurve }))
    const { publicKey, privateKey } = generateKeyPairSync(
      type as 'ec',
      {
        ...(modulusLength === undefined ? {} : { modulusLength }),
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

/** Converts a key, if the operation with it may start. */
function admitKey(use: KeyUse, key: SerializedKey, admit: Admit): KeyObject {
  const keyObject = toKeyObject(key)
  if (keyObject.type !== 'secret') admit(estimateKeyUse(use, readKeyTraits(keyObject)))
  return keyObject
}

function toByteLength(base64: Base64): number {
  return Math.ceil((base64.length * 3) / 4)
}

const rsaOperations = { publicEncrypt, publicDecrypt, privateEncrypt, privateDecrypt } as const

function assertAtMost(value: number, max: number, label: string): number {
  if (value <= max) return value
  throw Object.assign(new RangeError(`${label} may be at most ${max} in a rule`), { code: 'LIMIT_EXCEEDED' })
}
