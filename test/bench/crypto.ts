import { type KeyObject, generateKeyPairSync, privateEncrypt, sign, verify } from 'node:crypto'
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  pbkdf2Sync,
  randomBytes,
  scryptSync,
} from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants, deflateSync, inflateSync } from 'node:zlib'
import { runCipher } from '../../src/sandbox/worker/crypto/cipher.ts'
import { type KeyTraits, estimateKeyGeneration, estimateKeyUse } from '../../src/sandbox/worker/crypto/key-cost.ts'
import {
  type OperationCost,
  estimateCipher,
  estimateDigest,
  estimateHkdf,
  estimatePbkdf2,
  estimateRandom,
  estimateScrypt,
  estimateZlib,
} from '../../src/sandbox/worker/calls/operation-cost.ts'
import { median } from './measure.ts'
import type { Figure } from './report.ts'

/** An estimate, and the operation that it is for. */
type Sample = readonly [cost: OperationCost, work: () => unknown]

const data = Buffer.from('some data')
/** Few different bytes in no order: nothing is slower to compress. */
const noise = Buffer.alloc(60_000).map(() => Math.floor(Math.random() * 2))
const zeros = Buffer.alloc(1_000_000)

/**
 * Prints the estimate of each operation of the host over its measured CPU. Below 1 an operation is cheaper than it is; above 3
 * honest rules are refused too early. New keys of RSA and DSA are left to chance, and have no bounds.
 */
export async function crypto(): Promise<Figure[]> {
  const bounded = [...deriveSamples(), ...byteSamples(), ...keySamples(), ...zlibSamples()]
  return [
    ...bounded.map((sample) => ({ ...toFigure(sample), least: 1, most: 3 })),
    ...newKeySamples().map((sample) => toFigure(sample)),
  ]
}

function deriveSamples(): Sample[] {
  const digests = ['md5', 'sha1', 'sha256', 'sha512', 'sha3-512', 'blake2b512', 'ripemd160']
  return [
    ...digests.map((digest): Sample => [
      estimatePbkdf2(digest, 20_000, 100),
      () => pbkdf2Sync('p', 'salt', 20_000, 100, digest),
    ]),
    ...[
      { N: 16_384, r: 8, p: 1 },
      { N: 32_768, r: 8, p: 1 },
      { N: 1_024, r: 8, p: 16 },
      { N: 2, r: 1_024, p: 64 },
    ].map((cost): Sample => [
      estimateScrypt(cost, 64),
      () => scryptSync('p', 'salt', 64, { ...cost, maxmem: 2 ** 30 }),
    ]),
    [estimateHkdf('sha256', 20, 8_000), () => hkdfSync('sha256', 'key', 'salt', 'info', 8_000)],
  ]
}

function byteSamples(): Sample[] {
  const digests = ['md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha3-512', 'blake2s256', 'ripemd160']
  const ciphers = [
    ['aes-256-cbc', 32, 16],
    ['aes-256-cfb8', 32, 16],
    ['aes-256-cfb1', 32, 16],
    ['aria-256-cbc', 32, 16],
    ['des-ede3-cbc', 24, 8],
  ] as const
  const input = { way: 'encrypt', data: zeros.toString('base64'), final: true, autoPadding: true } as const
  return [
    ...digests.map((digest): Sample => [
      estimateDigest(digest, zeros.length),
      () => createHash(digest).update(zeros).digest(),
    ]),
    ...ciphers.map(([algorithm, keyBytes, ivBytes]): Sample => {
      const key = randomBytes(keyBytes).toString('base64')
      const iv = randomBytes(ivBytes).toString('base64')
      return [estimateCipher(algorithm, zeros.length), () => runCipher({ ...input, algorithm, key, iv })]
    }),
    [estimateRandom(1_000_000), () => randomBytes(1_000_000)],
  ]
}

/** The host parses a key for each call. */
function keySamples(): Sample[] {
  const kinds: readonly (readonly [KeyTraits, options: object])[] = [
    ...[2_048, 3_072, 4_096, 8_192].map(
      (modulusBits) => [{ type: 'rsa', modulusBits } as const, { modulusLength: modulusBits }] as const,
    ),
    [{ type: 'dsa', modulusBits: 2_048 }, { modulusLength: 2_048 }],
    ...['P-256', 'P-384', 'P-521', 'secp256k1', 'sect571r1'].map(
      (namedCurve) => [{ type: 'ec', curve: namedCurve } as const, { namedCurve }] as const,
    ),
    [{ type: 'ed25519' }, {}],
    [{ type: 'ed448' }, {}],
  ]
  return kinds.flatMap(([traits, options]): Sample[] => {
    const { publicKey, privateKey } = generateKeyPairSync(traits.type as 'ec', options as never) as unknown as Record<
      'publicKey' | 'privateKey',
      KeyObject
    >
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' })
    const digest = traits.type.startsWith('ed') ? null : 'sha256'
    const signature = sign(digest, data, privateKey)
    return [
      [estimateKeyUse('private', traits), () => sign(digest, data, createPrivateKey(privatePem))],
      [estimateKeyUse('public', traits), () => verify(digest, data, createPublicKey(publicPem), signature)],
      ...(traits.type === 'rsa'
        ? [[estimateKeyUse('private', traits), () => privateEncrypt(createPrivateKey(privatePem), data)] as const]
        : []),
    ]
  })
}

function zlibSamples(): Sample[] {
  const sizes = { inputBytes: noise.length, maxOutputBytes: zeros.length }
  const quality = (level: number): object => ({ params: { [constants.BROTLI_PARAM_QUALITY]: level } })
  const bomb = deflateSync(zeros)
  const brotliBomb = brotliCompressSync(zeros, quality(5))
  return [
    ...[6, 9].map((level): Sample => [
      estimateZlib('deflate', { ...sizes, level }),
      () => deflateSync(noise, { level, memLevel: 9 }),
    ]),
    ...[5, 11].map((level): Sample => [
      estimateZlib('brotliCompress', { ...sizes, level }),
      () => brotliCompressSync(noise, quality(level)),
    ]),
    [estimateZlib('inflate', { ...sizes, inputBytes: bomb.length, level: undefined }), () => inflateSync(bomb)],
    [
      estimateZlib('brotliDecompress', { ...sizes, inputBytes: brotliBomb.length, level: undefined }),
      () => brotliDecompressSync(brotliBomb),
    ],
  ]
}

function newKeySamples(): Sample[] {
  return [
    ...(['rsa', 'dsa'] as const).map((type): Sample => [
      estimateKeyGeneration({ type, modulusBits: 2_048 }),
      () => generateKeyPairSync(type as 'rsa', { modulusLength: 2_048 }),
    ]),
    [estimateKeyGeneration({ type: 'ec', curve: 'P-256' }), () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ]
}

const rounds = 5
const minRoundMs = 20

function toFigure([{ operation, cpuMs }, work]: Sample): Figure {
  work()
  const measuredMs = median(Array.from({ length: rounds }, () => measureCpuMs(work)))
  const name = `${operation}: ${cpuMs.toFixed(2)} ms over ${measuredMs.toFixed(2)}`
  return { name, value: cpuMs / measuredMs, unit: '×' }
}

function measureCpuMs(work: () => unknown): number {
  const startCpu = process.cpuUsage()
  const startedAtMs = performance.now()
  let calls = 0
  do {
    work()
    calls++
  } while (performance.now() - startedAtMs < minRoundMs)
  const { user, system } = process.cpuUsage(startCpu)
  return (user + system) / 1_000 / calls
}
