/**
 * What the host's work for a rule costs, estimated before it starts: nothing can interrupt it then.
 *
 * The constants were measured on one core of a server of 2024, with a margin of 1.2 to 3 over the slowest input that was
 * found. `npm run bench -- crypto` prints estimates beside measurements.
 */
export interface OperationCost {
  /** As a message names it. */
  readonly operation: string
  readonly cpuMs: number
}

interface DigestCost {
  readonly nsPerByte: number
  /** One iteration of PBKDF2 for one block: two digests of a block each. */
  readonly usPerIteration: number
  /** Length of the digest. */
  readonly bytes: number
}

/** Parsing of the input and setup of the operation. */
const baseMs = 0.02

const digestCosts: Readonly<Record<string, DigestCost>> = {
  md5: { nsPerByte: 2.2, usPerIteration: 0.5, bytes: 16 },
  sha1: { nsPerByte: 1.2, usPerIteration: 0.35, bytes: 20 },
  sha224: { nsPerByte: 1.2, usPerIteration: 0.33, bytes: 28 },
  sha256: { nsPerByte: 1.2, usPerIteration: 0.31, bytes: 32 },
  sha384: { nsPerByte: 3.2, usPerIteration: 0.78, bytes: 48 },
  sha512: { nsPerByte: 3.2, usPerIteration: 0.78, bytes: 64 },
  sha512224: { nsPerByte: 3.2, usPerIteration: 0.78, bytes: 28 },
  sha512256: { nsPerByte: 3.2, usPerIteration: 0.78, bytes: 32 },
  md5sha1: { nsPerByte: 3.2, usPerIteration: 0.78, bytes: 36 },
  blake2b512: { nsPerByte: 3.2, usPerIteration: 1.8, bytes: 64 },
  blake2s256: { nsPerByte: 4.2, usPerIteration: 1, bytes: 32 },
  sha3224: { nsPerByte: 9.5, usPerIteration: 1.25, bytes: 28 },
  sha3256: { nsPerByte: 9.5, usPerIteration: 1.25, bytes: 32 },
  sha3384: { nsPerByte: 9.5, usPerIteration: 1.25, bytes: 48 },
  sha3512: { nsPerByte: 9.5, usPerIteration: 1.25, bytes: 64 },
  ripemd160: { nsPerByte: 6, usPerIteration: 1, bytes: 20 },
}
/** Of any other digest, by the slowest that OpenSSL has, and the shortest. */
const otherDigestCost: DigestCost = { nsPerByte: 9.5, usPerIteration: 1.8, bytes: 16 }

/** The cost of a digest by any of OpenSSL's names for it, such as `RSA-SHA256`, `SHA2-256` and `sha-256`. */
function getDigestCost(digest: unknown): DigestCost {
  // OpenSSL will say what is wrong with it.
  if (typeof digest !== 'string') return otherDigestCost
  const name = digest
    .toLowerCase()
    .replace(/^rsa-/, '')
    .replace(/^sha2-/, 'sha')
    .replaceAll(/[-/]/g, '')
  return Object.hasOwn(digestCosts, name) ? digestCosts[name]! : otherDigestCost
}

/** A hash, or an HMAC, of some bytes. */
export function estimateDigest(digest: string, bytes: number, outputBytes = 0): OperationCost {
  const cpuMs = baseMs + toMs((bytes + outputBytes) * getDigestCost(digest).nsPerByte)
  return { operation: `a digest of ${bytes} bytes`, cpuMs }
}

/** PBKDF2. All iterations run again for each block of the key; a block is as long as the digest. */
export function estimatePbkdf2(digest: string, iterations: number, keyBytes: number): OperationCost {
  const { usPerIteration, bytes } = getDigestCost(digest)
  const blocks = Math.max(1, Math.ceil(keyBytes / bytes))
  const operation = `pbkdf2 (${digest}, ${iterations} iterations, ${keyBytes} bytes)`
  return { operation, cpuMs: baseMs + (iterations * blocks * usPerIteration) / 1_000 }
}

/** scrypt: the memory-hard part, PBKDF2 before and after it, and the bytes of the key. */
export function estimateScrypt({ N, r, p }: ScryptCost, keyBytes: number): OperationCost {
  const cpuMs = baseMs + (N * r * p * 0.62 + r * p * 1.5 + keyBytes * 0.02) / 1_000
  return { operation: `scrypt (cost ${N}, blockSize ${r}, parallelization ${p})`, cpuMs }
}

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** HKDF: a digest for each block of the key. */
export function estimateHkdf(digest: string, inputBytes: number, keyBytes: number): OperationCost {
  const { nsPerByte, usPerIteration, bytes } = getDigestCost(digest)
  const cpuMs = 2 * baseMs + toMs(inputBytes * nsPerByte) + (Math.ceil(keyBytes / bytes) * 3 * usPerIteration) / 1_000
  return { operation: `hkdf (${digest}, ${keyBytes} bytes)`, cpuMs }
}

/** Random bytes. */
export function estimateRandom(bytes: number): OperationCost {
  return { operation: `${bytes} random bytes`, cpuMs: baseMs + toMs(bytes * 5) }
}

/** By name, the first that matches: modes that encrypt bit by bit or byte by byte first. */
const cipherNsPerByte: readonly (readonly [name: RegExp, nsPerByte: number])[] = [
  [/^aes.*cfb1$/, 420],
  [/cfb1$/, 4_200],
  [/^aes.*cfb8$/, 46],
  [/cfb8$/, 480],
  [/wrap/, 24],
  [/^(?:id-)?aes|^chacha20/, 10],
  [/^(?:aria|camellia|sm4)/, 42],
]
const otherCipherNsPerByte = 64

/** Encrypts or decrypts some bytes. */
export function estimateCipher(algorithm: unknown, bytes: number): OperationCost {
  const name = String(algorithm).toLowerCase()
  const [, nsPerByte] = cipherNsPerByte.find(([pattern]) => pattern.test(name)) ?? ['', otherCipherNsPerByte]
  return { operation: `${name} of ${bytes} bytes`, cpuMs: 2 * baseMs + toMs(bytes * nsPerByte) }
}

/** Nanoseconds for each byte of the slowest input, by level. It has few different bytes, in no order. */
const deflateNsPerByte = [190, 190, 190, 190, 190, 190, 300, 400, 2_000, 3_800] as const
const brotliNsPerByte = [90, 90, 90, 90, 90, 90, 180, 180, 280, 700, 1_500, 2_600] as const
const defaultDeflateLevel = 6
/** A byte expands to this many at most. */
const maxDeflateRatio = 1_032

interface ZlibSizes {
  readonly level: number | undefined
  readonly inputBytes: number
  /** Longest output that is accepted. */
  readonly maxOutputBytes: number
}

/** A function of `zlib`, by its name without `Sync`. */
export function estimateZlib(way: string, { level, inputBytes, maxOutputBytes }: ZlibSizes): OperationCost {
  if (way === 'brotliDecompress') return toZlibCost(way, inputBytes, maxOutputBytes * 12)
  if (way === 'brotliCompress') {
    const nsPerByte = brotliNsPerByte[level ?? 11] ?? brotliNsPerByte[11]
    return toZlibCost(`${way} (quality ${level ?? 11})`, inputBytes, inputBytes * nsPerByte)
  }
  if (/^(?:gunzip|inflate|unzip)/.test(way)) {
    return toZlibCost(way, inputBytes, Math.min(maxOutputBytes, inputBytes * maxDeflateRatio) * 5)
  }
  const usedLevel = level === undefined || level < 0 ? defaultDeflateLevel : level
  const nsPerByte = deflateNsPerByte[usedLevel] ?? deflateNsPerByte[9]
  return toZlibCost(`${way} (level ${usedLevel})`, inputBytes, inputBytes * nsPerByte)
}

function toZlibCost(operation: string, inputBytes: number, ns: number): OperationCost {
  return { operation: `${operation} of ${inputBytes} bytes`, cpuMs: 0.2 + toMs(ns) }
}

function toMs(ns: number): number {
  return ns / 1_000_000
}
