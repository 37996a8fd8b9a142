import { askCrypto, fromBase64, later, toBase64, toBuffer } from './ask.ts'
import { keyArgument } from './key-object.ts'

type Callback = (error: unknown, result?: unknown) => void

class Collected {
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

export class Sign extends Collected {
  sign(key: unknown, encoding?: string): string | Buffer {
    const { algorithm, data } = this
    return fromBase64(
      askCrypto('sign', { algorithm: plain(algorithm), data, ...keyArgument('private', key) }),
      encoding,
    )
  }
}

export class Verify extends Collected {
  verify(key: unknown, signature: unknown, encoding?: string): boolean {
    const { algorithm, data } = this
    const given = { algorithm: plain(algorithm), data, signature: toBase64(signature, encoding) }
    return askCrypto('verify', { ...given, ...keyArgument('public', key) })
  }
}

export const createSign = (algorithm: string): Sign => new Sign(algorithm)
export const createVerify = (algorithm: string): Verify => new Verify(algorithm)

export function sign(algorithm: string | null | undefined, data: unknown, key: unknown, callback?: Callback): unknown {
  const work = (): unknown => {
    const given = { algorithm: plain(algorithm), data: toBase64(data), ...keyArgument('private', key) }
    return fromBase64(askCrypto('sign', given))
  }
  return callback === undefined ? work() : later(work, callback)
}

type Verified = [algorithm: string | null | undefined, data: unknown, key: unknown, signature: unknown]

export function verify(...[algorithm, data, key, signature, callback]: [...Verified, callback?: Callback]): unknown {
  const work = (): unknown => {
    const given = { algorithm: plain(algorithm), data: toBase64(data), signature: toBase64(signature) }
    return askCrypto('verify', { ...given, ...keyArgument('public', key) })
  }
  return callback === undefined ? work() : later(work, callback)
}

/** `RSA-SHA256` names the digest for a signer of its own; the one-shot function wants the digest alone. */
function plain(algorithm: string | null | undefined): string | null {
  return algorithm?.replace(/^RSA-/i, '') ?? null
}

const rsa =
  (way: string, type: 'public' | 'private') =>
  (key: unknown, data: unknown): Buffer =>
    Buffer.from(askCrypto<string>('rsa', { way, data: toBase64(data), ...keyArgument(type, key) }), 'base64')

export const publicEncrypt = rsa('publicEncrypt', 'public')
export const publicDecrypt = rsa('publicDecrypt', 'public')
export const privateEncrypt = rsa('privateEncrypt', 'private')
export const privateDecrypt = rsa('privateDecrypt', 'private')
