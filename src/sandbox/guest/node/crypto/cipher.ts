import { askCrypto, toBase64, toBuffer } from './ask.ts'
import { KeyObject } from './key-object.ts'

interface CipherOptions {
  readonly authTagLength?: number
}

interface CipherSettings {
  readonly way: 'encrypt' | 'decrypt'
  readonly algorithm: string
  readonly key: string
  readonly iv: string | null
}

/**
 * A cipher that keeps what was put in, and has the host run it from its beginning each time: the host holds nothing
 * between two calls. What `update` and `final` return is what Node's return.
 */
export class Cipher {
  readonly #settings: CipherSettings
  readonly #tagLength: number | undefined
  #input = Buffer.alloc(0)
  #emittedLength = 0
  #autoPadding = true
  #aad: string | undefined
  #tag: string | undefined

  constructor(settings: CipherSettings, options: CipherOptions = {}) {
    this.#settings = settings
    this.#tagLength = options.authTagLength
    this.#run(false)
  }

  update(data: unknown, inputEncoding?: string, outputEncoding?: string): string | Buffer {
    this.#input = Buffer.concat([this.#input, toBuffer(data, inputEncoding)])
    return this.#next(false, outputEncoding)
  }

  final(outputEncoding?: string): string | Buffer {
    return this.#next(true, outputEncoding)
  }

  setAutoPadding(on = true): this {
    this.#autoPadding = on
    return this
  }

  setAAD(data: unknown): this {
    this.#aad = toBase64(data)
    return this
  }

  setAuthTag(tag: unknown, encoding?: string): this {
    this.#tag = toBase64(tag, encoding)
    return this
  }

  getAuthTag(): Buffer {
    if (this.#tag === undefined) throw new Error('Invalid state for operation getAuthTag')
    return Buffer.from(this.#tag, 'base64')
  }

  #run(final: boolean): Buffer {
    const { out, tag } = askCrypto<{ readonly out: string; readonly tag?: string }>('cipher', {
      ...this.#settings,
      data: this.#input.toString('base64'),
      final,
      autoPadding: this.#autoPadding,
      aad: this.#aad,
      tag: this.#settings.way === 'decrypt' ? this.#tag : undefined,
      tagLength: this.#tagLength,
    })
    if (tag !== undefined) this.#tag = tag
    return Buffer.from(out, 'base64')
  }

  #next(final: boolean, encoding: string | undefined): string | Buffer {
    const all = this.#run(final)
    const part = all.subarray(this.#emittedLength)
    this.#emittedLength = all.length
    return encoding === undefined || encoding === 'buffer' ? part : part.toString(encoding as BufferEncoding)
  }
}

function toKeyText(key: unknown): string {
  return key instanceof KeyObject ? key.toSecretBase64() : toBase64(key)
}

const createCipherFactory =
  (way: 'encrypt' | 'decrypt') =>
  (algorithm: string, key: unknown, iv: unknown, options?: CipherOptions): Cipher =>
    new Cipher({ way, algorithm, key: toKeyText(key), iv: iv === null ? null : toBase64(iv) }, options)

export const createCipheriv = createCipherFactory('encrypt')
export const createDecipheriv = createCipherFactory('decrypt')
