import { askCrypto, decodeBase64, toBase64, toBuffer } from './ask.ts'
import { KeyObject } from './key-object.ts'

/** Collects the input of a hash; the host computes the digest when it is read. */
abstract class Digest {
  #parts: Buffer[] = []
  #finished = false

  update(data: unknown, encoding?: string): this {
    if (this.#finished) throw createFinalizedError()
    this.#parts.push(Buffer.from(toBuffer(data, encoding)))
    return this
  }

  digest(encoding?: string): string | Buffer {
    if (this.#finished) throw createFinalizedError()
    this.#finished = true
    return decodeBase64(this.compute(Buffer.concat(this.#parts).toString('base64')), encoding)
  }

  /** In Node a hash is a stream as well: a write is an update. */
  write(data: unknown, encoding?: string): boolean {
    this.update(data, encoding)
    return true
  }

  end(data?: unknown, encoding?: string): this {
    return data === undefined ? this : this.update(data, encoding)
  }

  protected copyInto<Target extends Digest>(target: Target): Target {
    if (this.#finished) throw createFinalizedError()
    for (const part of this.#parts) target.update(part)
    return target
  }

  protected abstract compute(data: string): string
}

function createFinalizedError(): Error {
  return Object.assign(new Error('Digest already called'), { code: 'ERR_CRYPTO_HASH_FINALIZED' })
}

export class Hash extends Digest {
  readonly #algorithm: string
  readonly #length: number | undefined

  constructor(algorithm: string, options: { readonly outputLength?: number } = {}) {
    super()
    this.#algorithm = algorithm
    this.#length = options.outputLength
    askCrypto('hash', { algorithm, data: '', length: this.#length })
  }

  copy(): Hash {
    return this.copyInto(new Hash(this.#algorithm, this.#length === undefined ? {} : { outputLength: this.#length }))
  }

  protected override compute(data: string): string {
    return askCrypto('hash', { algorithm: this.#algorithm, data, length: this.#length })
  }
}

export class Hmac extends Digest {
  readonly #algorithm: string
  readonly #key: string

  constructor(algorithm: string, key: unknown) {
    super()
    this.#algorithm = algorithm
    this.#key = key instanceof KeyObject ? key.toSecretBase64() : toBase64(key)
    askCrypto('hmac', { algorithm, key: this.#key, data: '' })
  }

  protected override compute(data: string): string {
    return askCrypto('hmac', { algorithm: this.#algorithm, key: this.#key, data })
  }
}

export const createHash = (algorithm: string, options?: { readonly outputLength?: number }): Hash =>
  new Hash(algorithm, options)
export const createHmac = (algorithm: string, key: unknown): Hmac => new Hmac(algorithm, key)
export const hash = (algorithm: string, data: unknown, encoding = 'hex'): string | Buffer =>
  new Hash(algorithm).update(data).digest(encoding)
