import { askCrypto, runLater, toBase64 } from './ask.ts'

type Callback = (error: unknown, key?: Buffer) => void

interface ScryptOptions {
  readonly N?: number
  readonly cost?: number
  readonly r?: number
  readonly blockSize?: number
  readonly p?: number
  readonly parallelization?: number
  readonly maxmem?: number
}

/** Asks the host to derive a key. */
const derive = (call: string, input: object): Buffer => Buffer.from(askCrypto<string>(call, input), 'base64')

// oxlint-disable-next-line max-params -- Node's own signature
export function pbkdf2Sync(secret: unknown, salt: unknown, iterations: number, length: number, digest: string): Buffer {
  return derive('pbkdf2', { secret: toBase64(secret), salt: toBase64(salt), iterations, length, digest })
}

type Pbkdf2 = Parameters<typeof pbkdf2Sync>

export function pbkdf2(...[secret, salt, iterations, length, digest, callback]: [...Pbkdf2, callback: Callback]): void {
  runLater(() => pbkdf2Sync(secret, salt, iterations, length, digest), callback)
}

export function scryptSync(secret: unknown, salt: unknown, length: number, options: ScryptOptions = {}): Buffer {
  const N = options.N ?? options.cost ?? 16_384
  const r = options.r ?? options.blockSize ?? 8
  const p = options.p ?? options.parallelization ?? 1
  const cost = { N, r, p, ...(options.maxmem === undefined ? {} : { maxmem: options.maxmem }) }
  return derive('scrypt', { secret: toBase64(secret), salt: toBase64(salt), length, cost })
}

type Scrypt = [secret: unknown, salt: unknown, length: number]

export function scrypt(...args: [...Scrypt, Callback] | [...Scrypt, ScryptOptions, Callback]): void {
  const [secret, salt, length, ...rest] = args
  const options = rest.length === 2 ? rest[0] : {}
  runLater(() => scryptSync(secret, salt, length, options), rest.at(-1) as Callback)
}

// oxlint-disable-next-line max-params -- Node's own signature
export function hkdfSync(digest: string, secret: unknown, salt: unknown, info: unknown, length: number): ArrayBuffer {
  const bytes = derive('hkdf', {
    digest,
    secret: toBase64(secret),
    salt: toBase64(salt),
    info: toBase64(info),
    length,
  })
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}
