import { createPrivateKey, createPublicKey } from 'node:crypto'
import {
  type OperationCost,
  estimateCipher,
  estimateDigest,
  estimateHkdf,
  estimatePbkdf2,
  estimateRandom,
} from '../calls/operation-cost.ts'
import { type KeyTraits, estimateKeyGeneration, estimateKeyUse, readKeyTraits } from './key-cost.ts'
import { type Algorithm, type SubtleInput, type SubtleKey, reviveBytes } from './subtle.ts'

/** The way of a call through the thread pool and back. */
const callMs = 0.2
/** Reads or writes a key. */
const keyFormatMs = 0.6

/** Estimates a call of `crypto.subtle` before it starts. What WebCrypto refuses costs nothing but the call. */
export function estimateSubtle(input: SubtleInput): OperationCost {
  const { operation, cpuMs } = estimateWork(input, reviveBytes(input.algorithm))
  return { operation: `crypto.subtle.${input.call}: ${operation}`, cpuMs: callMs + cpuMs }
}

function estimateWork(input: SubtleInput, algorithm: Algorithm): OperationCost {
  const bytes = countBytes(input.data)
  switch (input.call) {
    case 'digest':
      return estimateDigest(algorithm.name, bytes)
    case 'sign':
    case 'verify':
      return estimateSignature(input, algorithm, bytes)
    case 'encrypt':
    case 'decrypt':
      return /^AES/i.test(algorithm.name) ? estimateCipher('aes', bytes) : estimateAsymmetric(input)
    case 'deriveBits':
      return estimateDerivation(algorithm, countBytes(input.key?.data), (input.length ?? 0) / 8)
    case 'generateKey':
      return estimateNewKey(algorithm)
    default:
      return { operation: 'a key', cpuMs: keyFormatMs }
  }
}

function estimateSignature(input: SubtleInput, algorithm: Algorithm, bytes: number): OperationCost {
  // The digest is a part of the signature's algorithm, or of the key's.
  const digest = readHash(algorithm) ?? readHash(input.key?.algorithm) ?? 'SHA-512'
  const digestCost = estimateDigest(digest, bytes)
  if (/^HMAC$/i.test(algorithm.name)) return digestCost
  const { operation, cpuMs } = estimateAsymmetric(input)
  return { operation, cpuMs: cpuMs + digestCost.cpuMs }
}

function estimateAsymmetric({ key }: SubtleInput): OperationCost {
  const traits = key && parseKeyTraits(key)
  if (key === undefined || traits === undefined) return { operation: 'no key', cpuMs: 0 }
  return estimateKeyUse(key.format === 'pkcs8' ? 'private' : 'public', traits)
}

/** Undefined if it is no key: WebCrypto will say so. */
function parseKeyTraits({ format, data }: SubtleKey): KeyTraits | undefined {
  const source = { key: Buffer.from(data, 'base64'), format: 'der', type: format } as const
  try {
    return readKeyTraits(format === 'pkcs8' ? createPrivateKey(source as never) : createPublicKey(source as never))
  } catch {
    return undefined
  }
}

function estimateDerivation(algorithm: Algorithm, secretBytes: number, keyBytes: number): OperationCost {
  const digest = readHash(algorithm) ?? 'unknown'
  return /^PBKDF2$/i.test(algorithm.name)
    ? estimatePbkdf2(digest, Number(algorithm['iterations']), keyBytes)
    : estimateHkdf(digest, secretBytes, keyBytes)
}

function estimateNewKey(algorithm: Algorithm): OperationCost {
  const { name, modulusLength, publicExponent, namedCurve, length } = algorithm
  if (/^(?:HMAC|AES)/i.test(name)) return estimateRandom(Number(length ?? 0) / 8)
  if (!/^RSA/i.test(name)) {
    const type = /^EC/i.test(name) ? 'ec' : name.toLowerCase()
    return estimateKeyGeneration({ type, curve: String(namedCurve) })
  }
  const exponent = publicExponent instanceof Uint8Array ? Buffer.from(publicExponent).toString('hex') : ''
  return estimateKeyGeneration({
    type: 'rsa',
    modulusBits: Number(modulusLength),
    publicExponent: exponent === '' ? 0n : BigInt(`0x${exponent}`),
  })
}

function readHash(algorithm: Algorithm | undefined): string | undefined {
  const hash = algorithm?.['hash'] as string | { readonly name?: unknown } | undefined
  if (hash === undefined || hash === null) return undefined
  return typeof hash === 'object' ? String(hash.name) : hash
}

function countBytes(base64 = ''): number {
  return Math.ceil((base64.length * 3) / 4)
}
