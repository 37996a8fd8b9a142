import { webcrypto } from 'node:crypto'

/** A key as a realm holds it: what `importKey` made of it, and the bytes it was made from. */
export interface SubtleKey {
  readonly format: 'raw' | 'pkcs8' | 'spki'
  readonly data: Base64
  readonly algorithm: Algorithm
}

type Base64 = string
type Algorithm = Readonly<Record<string, unknown>> & { readonly name: string }

interface KeyFacts {
  readonly type: 'public' | 'private' | 'secret'
  readonly algorithm: object
  readonly key: SubtleKey
}

interface SubtleInput {
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
const maxIterations = 1_000_000
const maxNewRsaBits = 2_048
const maxDerivedBits = 1_024

/** What `crypto.subtle` in a realm asks of the host; keys cross as bytes, and live here for one call only. */
export async function runSubtle(input: SubtleInput): Promise<unknown> {
  const { call, data = '', length = 0 } = input
  const algorithm = revived(input.algorithm)
  assertAffordable(algorithm, length)
  switch (call) {
    case 'digest':
      return text(await subtle.digest(algorithm, bytes(data)))
    case 'sign':
      return text(await subtle.sign(algorithm, await keyOf(input, 'sign'), bytes(data)))
    case 'verify':
      return subtle.verify(algorithm, await keyOf(input, 'verify'), bytes(input.signature ?? ''), bytes(data))
    case 'encrypt':
      return text(await subtle.encrypt(algorithm, await keyOf(input, 'encrypt'), bytes(data)))
    case 'decrypt':
      return text(await subtle.decrypt(algorithm, await keyOf(input, 'decrypt'), bytes(data)))
    case 'deriveBits':
      return text(await subtle.deriveBits(algorithm as never, await keyOf(input, 'deriveBits'), length))
    case 'importKey':
      return factsOf(await importGiven(input, algorithm))
    case 'exportJwk':
      return subtle.exportKey('jwk', await keyOf(input, ...(input.usages ?? [])))
    case 'generateKey':
      return generated(await subtle.generateKey(algorithm, true, input.usages ?? []))
    default:
      throw new Error('no such function of crypto.subtle')
  }
}

const bytes = (base64: Base64): Buffer<ArrayBuffer> => Buffer.from(base64, 'base64')
const text = (buffer: ArrayBuffer): Base64 => Buffer.from(buffer).toString('base64')

/** Bytes within an algorithm, such as an `iv`, cross as `{ base64 }`. */
function revived(algorithm: Algorithm): Algorithm {
  const parts = Object.entries(algorithm).map(([name, value]) => {
    const { base64 } = (value ?? {}) as { readonly base64?: unknown }
    return [name, typeof base64 === 'string' ? bytes(base64) : value]
  })
  return Object.fromEntries(parts) as Algorithm
}

/** This work holds nobody up, but the threads that do it are few, and their memory is not the isolate's. */
function assertAffordable({ name, iterations = 0, modulusLength = 0 }: Algorithm, length: number): void {
  if (!/^(?:SHA-|HMAC$|RSA|ECDSA$|Ed25519$|Ed448$|AES-|PBKDF2$|HKDF$|$)/i.test(name)) {
    throw Object.assign(new Error(`a rule has no ${name} in crypto.subtle`), { name: 'NotSupportedError' })
  }
  if (length > maxDerivedBits) throw tooMuch(`length may be at most ${maxDerivedBits} in a rule`)
  if (Number(iterations) > maxIterations) throw tooMuch(`iterations may be at most ${maxIterations} in a rule`)
  if (Number(modulusLength) > maxNewRsaBits) throw tooMuch(`modulusLength may be at most ${maxNewRsaBits} in a rule`)
}

function tooMuch(message: string): Error {
  return Object.assign(new RangeError(message), { code: 'LIMIT_EXCEEDED' })
}

function keyOf({ key }: SubtleInput, ...usages: KeyUsage[]): Promise<webcrypto.CryptoKey> {
  if (key === undefined) throw new TypeError('a CryptoKey is missing')
  const algorithm = revived(key.algorithm)
  return subtle.importKey(key.format, bytes(key.data), algorithm, !derivesOnly(algorithm), usages)
}

function importGiven({ format, jwk, data = '', usages = [] }: SubtleInput, algorithm: Algorithm) {
  if (format === 'jwk') return subtle.importKey('jwk', { ...jwk, ext: true }, algorithm, true, usages)
  return subtle.importKey(format ?? 'raw', bytes(data), algorithm, !derivesOnly(algorithm), usages)
}

async function factsOf(key: webcrypto.CryptoKey): Promise<KeyFacts> {
  const format = key.type === 'secret' ? 'raw' : key.type === 'private' ? 'pkcs8' : 'spki'
  const { publicExponent, ...shown } = key.algorithm as unknown as Record<string, unknown>
  const algorithm = publicExponent instanceof Uint8Array ? { ...shown, publicExponent: [...publicExponent] } : shown
  const data = derivesOnly(key.algorithm) ? '' : text(await subtle.exportKey(format, key))
  return { type: key.type, algorithm, key: { format, data, algorithm: shown as Algorithm } }
}

/** A password that keys are derived from cannot be exported: the realm has its bytes already. */
function derivesOnly({ name }: { readonly name: string }): boolean {
  return /^(?:PBKDF2|HKDF)$/i.test(name)
}

async function generated(made: webcrypto.CryptoKey | webcrypto.CryptoKeyPair): Promise<object> {
  if (!('publicKey' in made)) return factsOf(made)
  return { publicKey: await factsOf(made.publicKey), privateKey: await factsOf(made.privateKey) }
}
