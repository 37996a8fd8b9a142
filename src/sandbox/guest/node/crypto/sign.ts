import { askCrypto, decodeBase64, runLater, toBase64, toBuffer } from './ask.ts'
import { readKeyArgument } from './key-object.ts'

type Callback = (error: unknown, result?: unknown) => void

class ChunkCollector {
  protected readonly algorithm: string
  #parts: Buffer[] = []

  constructor(algorithm: string) {
    this.algorithm = algorithm
  }

  update(data: unknown, encoding?: string): this {
    this.#parts.push(Buffer.from(toBuffer(data, encoding)))
    return this
  }

  write(data: unknown, encoding?: string): boolean {
    this.update(data, encoding)
    return true
  }

  end(data?: unknown, encoding?: string): this {
    return data === undefined ? this : this.update(data, encoding)
  }

  protected get data(): string {
    return Buffer.concat(this.#parts).toString('base64')
  }
}

export class Sign extends ChunkCollector {
  sign(key: unknown, encoding?: string): string | Buffer {
    const { algorithm, data } = this
    return decodeBase64(
      askCrypto('sign', { algorithm: toDigestName(algorithm), data, ...readKeyArgument('private', key) }),
      encoding,
    )
  }
}

export class Verify extends ChunkCollector {
  verify(key: unknown, signature: unknown, encoding?: string): boolean {
    const { algorithm, data } = this
    const input = { algorithm: toDigestName(algorithm), data, signature: toBase64(signature, encoding) }
    return askCrypto('verify', { ...input, ...readKeyArgument('public', key) })
  }
}

export const createSign = (algorithm: string): Sign => new Sign(algorithm)
export const createVerify = (algorithm: string): Verify => new Verify(algorithm)

export function sign(algorithm: string | null | undefined, data: unknown, key: unknown, callback?: Callback): unknown {
  const work = (): unknown => {
    const input = { algorithm: toDigestName(algorithm), data: toBase64(data), ...readKeyArgument('private', key) }
    return decodeBase64(askCrypto('sign', input))
  }
  return callback === undefined ? work() : runLater(work, callback)
}

type VerifyArguments = [algorithm: string | null | undefined, data: unknown, key: unknown, signature: unknown]

export function verify(
  ...[algorithm, data, key, signature, callback]: [...VerifyArguments, callback?: Callback]
): unknown {
  const work = (): unknown => {
    const input = { algorithm: toDigestName(algorithm), data: toBase64(data), signature: toBase64(signature) }
    return askCrypto('verify', { ...input, ...readKeyArgument('public', key) })
  }
  return callback === undefined ? work() : runLater(work, callback)
}

/** Parses the digest from a signature name such as `RSA-SHA256`: the host's one-shot function takes the digest only. */
function toDigestName(algorithm: string | null | undefined): string | null {
  return algorithm?.replace(/^RSA-/i, '') ?? null
}

const createRsaOperation =
  (way: string, type: 'public' | 'private') =>
  (key: unknown, data: unknown): Buffer =>
    Buffer.from(askCrypto<string>('rsa', { way, data: toBase64(data), ...readKeyArgument(type, key) }), 'base64')

export const publicEncrypt = createRsaOperation('publicEncrypt', 'public')
export const publicDecrypt = createRsaOperation('publicDecrypt', 'public')
export const privateEncrypt = createRsaOperation('privateEncrypt', 'private')
export const privateDecrypt = createRsaOperation('privateDecrypt', 'private')
