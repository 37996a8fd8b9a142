import type { KeyObject } from 'node:crypto'
import type { OperationCost } from '../calls/operation-cost.ts'

/** What is done with a key: `private` is to sign or decrypt, `public` to verify or encrypt. */
export type KeyUse = 'private' | 'public'

/** A key as its cost depends on it. */
export interface KeyTraits {
  /** As `asymmetricKeyType` has it: `rsa`, `ec`. */
  readonly type: string
  readonly modulusBits?: number | undefined
  readonly publicExponent?: bigint | undefined
  /** In any of OpenSSL's and WebCrypto's names. */
  readonly curve?: string | undefined
}

const usualExponent = 65_537n

/** A key of a kind that is not listed. It is refused with the default limits. */
const otherKeyMs = 1_000

/** Milliseconds to use a key, parsing included, by its curve: to generate one takes no longer. */
const curveMs: Readonly<Record<string, number>> = {
  'P-256': 0.45,
  prime256v1: 0.45,
  secp256k1: 1.6,
  'P-384': 2.6,
  secp384r1: 2.6,
  'P-521': 5,
  secp521r1: 5,
}
/** OpenSSL's slowest curve is sect571r1. */
const otherCurveMs = 10

/** Milliseconds by the type of a key, for a private key, a public key, and a new pair. */
const typeMs: Readonly<Record<string, readonly [usePrivate: number, usePublic: number, generate: number]>> = {
  ed25519: [0.35, 0.6, 0.25],
  ed448: [1.5, 0.9, 0.8],
  x25519: [0.5, 0.5, 0.25],
  x448: [1.5, 1.5, 0.8],
  'ml-dsa-44': [6, 1, 0.8],
  'ml-dsa-65': [6, 1.2, 1],
  'ml-dsa-87': [8, 1.8, 1.6],
}
/** Hash-based signatures take up to seconds. */
const slhMs = [3_000, 8, 400] as const

/** Estimates a signature, or a message encrypted with a key. */
export function estimateKeyUse(use: KeyUse, key: KeyTraits): OperationCost {
  const { type, modulusBits = 0, publicExponent = usualExponent } = key
  return { operation: `${use} key operation (${describeKey(key)})`, cpuMs: getUseMs() }

  function getUseMs(): number {
    const size = modulusBits / 1_024
    switch (type) {
      case 'rsa':
      case 'rsa-pss':
        return use === 'private'
          ? 1.1 + 0.12 * size ** 3
          : 0.06 + size ** 2 * (0.004 + 0.0004 * publicExponent.toString(2).length)
      case 'dsa':
        return 0.7 + 0.25 * size ** 2
      case 'ec':
        return getCurveMs(key.curve)
      default: {
        const [privateMs, publicMs] = getTypeMs(type)
        return use === 'private' ? privateMs : publicMs
      }
    }
  }
}

/** Estimates a new pair of keys. For RSA and DSA it is chance how long that takes: the average, twice. */
export function estimateKeyGeneration(key: KeyTraits): OperationCost {
  const { type, modulusBits = 0, publicExponent = usualExponent } = key
  const size = modulusBits / 1_024
  return { operation: `a new key (${describeKey(key)})`, cpuMs: getGenerationMs() }

  function getGenerationMs(): number {
    switch (type) {
      case 'rsa':
      case 'rsa-pss':
        // Of an exponent with many factors, most primes are of no use.
        return 5 + 25 * size ** 2.6 * (publicExponent === usualExponent || publicExponent === 3n ? 1 : 10)
      case 'dsa':
        return 5 + 85 * size ** 3.5
      case 'ec':
        return getCurveMs(key.curve)
      default:
        return getTypeMs(type)[2]
    }
  }
}

function getCurveMs(curve = ''): number {
  return Object.hasOwn(curveMs, curve) ? curveMs[curve]! : otherCurveMs
}

function getTypeMs(type: string): readonly [number, number, number] {
  if (type.startsWith('slh-dsa')) return slhMs
  return Object.hasOwn(typeMs, type) ? typeMs[type]! : [otherKeyMs, otherKeyMs, otherKeyMs]
}

function describeKey({ type, modulusBits, curve }: KeyTraits): string {
  return [type, curve, modulusBits === undefined ? undefined : `${modulusBits} bits`]
    .filter((part) => part !== undefined)
    .join(', ')
}

/** Reads what the cost of a key depends on. */
export function readKeyTraits(key: KeyObject): KeyTraits {
  const { asymmetricKeyType = 'secret', asymmetricKeyDetails = {} } = key
  const { modulusLength, publicExponent, namedCurve } = asymmetricKeyDetails
  return {
    type: asymmetricKeyType,
    modulusBits: modulusLength,
    publicExponent,
    curve: namedCurve,
  }
}
