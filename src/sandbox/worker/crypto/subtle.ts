import { webcrypto } from 'node:crypto'

/** A key as a realm keeps it: the bytes and the algorithm for `importKey`. */
export interface SubtleKey {
  readonly format: 'raw' | 'pkcs8' | 'spki'
  readonly data: Base64
  readonly algorithm: Algorithm
}

type Base64 = string
export type Algorithm = Readonly<Record<string, unknown>> & { readonly name: string }

interface SubtleKeyInfo {
  readonly type: 'public' | 'private' | 'secret'
  readonly algorithm: object
  readonly key: SubtleKey
}

/** A call of `crypto.subtle`. */
export interface SubtleInput {
  readonly call: string
  readonly algorithm: Algorithm
  readonly key?: SubtleKey
  readonly data?: Base64
  readonly signature?: Base64
  readonly format?: 'raw' | 'pkcs8' | 'spki' | 'jwk'
  readonly jwk?: webcrypto.JsonWebKey
  readonly usages?: KeyUsage[]
  readonly length?: number
}

type KeyUsage = webcrypto.KeyUsage

const { subtle } = webcrypto
/** What one call may return, in bits: no limit of the isolate counts this memory. */
const maxNewBits = 524_288

/** The host's part of `crypto.subtle` in a realm. Keys cross as bytes, and the host keeps them for one call only. */
export async function runSubtle(input: SubtleInput): Promise<unknown> {
  const { call, data = '', length = 0 } = input
  const algorithm = reviveBytes(input.algorithm)
  assertSupported(algorithm, length)
  switch (call) {
    case 'digest':
      return encodeBase64(await subtle.digest(algorithm, decodeBase64(data)))
    case 'sign':
      return encodeBase64(await subtle.sign(algorithm, await toCryptoKey(input, 'sign'), decodeBase64(data)))
    case 'verify':
      return subtle.verify(
        algorithm,
        await toCryptoKey(input, 'verify'),
        decodeBase64(input.signature ?? ''),
        decodeBase64(data),
      )
    case 'encrypt':
      return encodeBase64(await subtle.encrypt(algorithm, await toCryptoKey(input, 'encrypt'), decodeBase64(data)))
    case 'decrypt':
      return encodeBase64(await subtle.decrypt(algorithm, await toCryptoKey(input, 'decrypt'), decodeBase64(data)))
    case 'deriveBits':
      return encodeBase64(await subtle.deriveBits(algorithm as never, await toCryptoKey(input, 'deriveBits'), length))
    case 'importKey':
      return toSubtleKeyInfo(await importInputKey(input, algorithm))
    case 'exportJwk':
      return subtle.exportKey('jwk', await toCryptoKey(input, ...(input.usages ?? [])))
    case 'generateKey':
      return toGeneratedKeys(await subtle.generateKey(algorithm, true, input.usages ?? []))
    default:
      throw new Error('no such function of crypto.subtle')
  }
}

const decodeBase64 = (base64: Base64): Buffer<ArrayBuffer> => Buffer.from(base64, 'base64')
const encodeBase64 = (buffer: ArrayBuffer): Base64 => Buffer.from(buffer).toString('base64')

/** Bytes within an algorithm, such as an `iv`, cross as `{ base64 }`. */
export function reviveBytes(algorithm: Algorithm): Algorithm {
  const parts = Object.entries(algorithm).map(([name, value]) => {
    const { base64 } = (value ?? {}) as { readonly base64?: unknown }
    return [name, typeof base64 === 'string' ? decodeBase64(base64) : value]
  })
  return Object.fromEntries(parts) as Algorithm
}

function assertSupported({ name, length: keyBits = 0 }: Algorithm, derivedBits: number): void {
  if (!/^(?:SHA-|HMAC$|RSA|ECDSA$|Ed25519$|Ed448$|AES-|PBKDF2$|HKDF$|$)/i.test(name)) {
    throw Object.assign(new Error(`a rule has no ${name} in crypto.subtle`), { name: 'NotSupportedError' })
  }
  const bits = Math.max(derivedBits, Number(keyBits))
  if (bits <= maxNewBits) return
  const message = `length may be at most ${maxNewBits} bits in a rule; this is ${bits}`
  throw Object.assign(new RangeError(message), { code: 'LIMIT_EXCEEDED' })
}

function toCryptoKey({ key }: SubtleInput, ...usages: KeyUsage[]): Promise<webcrypto.CryptoKey> {
  if (key === undefined) throw new TypeError('a CryptoKey is missing')
  const algorithm = reviveBytes(key.algorithm)
  return subtle.importKey(key.format, decodeBase64(key.data), algorithm, !isDerivationOnly(algorithm), usages)
}

function importInputKey({ format, jwk, data = '', usages = [] }: SubtleInput, algorithm: Algorithm) {
  if (format === 'jwk') return subtle.importKey('jwk', { ...jwk, ext: true }, algorithm, true, usages)
  return subtle.importKey(format ?? 'raw', decodeBase64(data), algorithm, !isDerivationOnly(algorithm), usages)
}

async function toSubtleKeyInfo(key: webcrypto.CryptoKey): Promise<SubtleKeyInfo> {
  const format = key.type === 'secret' ? 'raw' : key.type === 'private' ? 'pkcs8' : 'spki'
  const { publicExponent, ...plainAlgorithm } = key.algorithm as unknown as Record<string, unknown>
  const algorithm =
    publicExponent instanceof Uint8Array ? { ...plainAlgorithm, publicExponent: [...publicExponent] } : plainAlgorithm
  const data = isDerivationOnly(key.algorithm) ? '' : encodeBase64(await subtle.exportKey(format, key))
  return { type: key.type, algorithm, key: { format, data, algorithm: plainAlgorithm as Algorithm } }
}

/** A password that keys are derived from cannot be exported: the realm has its bytes already. */
function isDerivationOnly({ name }: { readonly name: string }): boolean {
  return /^(?:PBKDF2|HKDF)$/i.test(name)
}

async function toGeneratedKeys(keys: webcrypto.CryptoKey | webcrypto.CryptoKeyPair): Promise<object> {
  if (!('publicKey' in keys)) return toSubtleKeyInfo(keys)
  return { publicKey: await toSubtleKeyInfo(keys.publicKey), privateKey: await toSubtleKeyInfo(keys.privateKey) }
}
