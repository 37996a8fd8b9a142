import { askCrypto, toBase64, toBuffer } from './ask.ts'

type KeyText =
  | { readonly type: 'secret'; readonly data: string }
  | { readonly type: 'public' | 'private'; readonly pem: string }

interface ParsedKey {
  readonly type: 'public' | 'private'
  readonly pem: string
  readonly asymmetricKeyType?: string
  readonly asymmetricKeyDetails?: Record<string, unknown> & { readonly publicExponent?: string }
}

interface KeyOptions {
  readonly key?: unknown
  readonly format?: string
  readonly type?: string
  readonly passphrase?: string
  readonly encoding?: string
}

/** Node's `KeyObject`. The realm holds the key as text, and the host parses it for each call. */
export class KeyObject {
  readonly type: 'secret' | 'public' | 'private'
  readonly asymmetricKeyType?: string
  readonly asymmetricKeyDetails?: object
  readonly symmetricKeySize?: number
  readonly #text: KeyText

  constructor(text: KeyText, details: Partial<ParsedKey> = {}) {
    this.#text = text
    this.type = text.type
    if (text.type === 'secret') this.symmetricKeySize = Buffer.from(text.data, 'base64').length
    const { asymmetricKeyType, asymmetricKeyDetails } = details
    if (asymmetricKeyType !== undefined) this.asymmetricKeyType = asymmetricKeyType
    if (asymmetricKeyDetails !== undefined) {
      const { publicExponent, ...rest } = asymmetricKeyDetails
      this.asymmetricKeyDetails =
        publicExponent === undefined ? rest : { ...rest, publicExponent: BigInt(publicExponent) }
    }
  }

  /** The key as the host takes it. */
  get text(): KeyText {
    return this.#text
  }

  toSecretBase64(): string {
    if (this.#text.type !== 'secret') throw new TypeError(`Invalid key object type ${this.type}, expected secret.`)
    return this.#text.data
  }

  export(options: { readonly format?: string; readonly type?: string; readonly cipher?: string } = {}): unknown {
    const text = this.#text
    if (text.type === 'secret' && options.format !== 'jwk') return Buffer.from(text.data, 'base64')
    const type = text.type === 'public' ? 'spki' : 'pkcs8'
    const output = askCrypto<{ readonly der?: string }>('writeKey', { key: text, type, format: 'pem', ...options })
    return typeof output === 'object' && output.der !== undefined ? Buffer.from(output.der, 'base64') : output
  }

  equals(other: unknown): boolean {
    return other instanceof KeyObject && JSON.stringify(other.text) === JSON.stringify(this.#text)
  }
}

export function createSecretKey(key: unknown, encoding?: string): KeyObject {
  return new KeyObject({ type: 'secret', data: toBase64(key, encoding) })
}

export const createPrivateKey = (key: unknown): KeyObject => parseAsymmetricKey('private', key)

export function createPublicKey(key: unknown): KeyObject {
  const source = key instanceof KeyObject ? key : (key as KeyOptions | null)?.key
  if (source instanceof KeyObject && source.type === 'private') {
    return parseAsymmetricKey('public', source.export({ format: 'pem', type: 'pkcs8' }))
  }
  return parseAsymmetricKey('public', key)
}

function parseAsymmetricKey(type: 'public' | 'private', input: unknown): KeyObject {
  const parsedKey = askCrypto<ParsedKey>('readKey', { type, ...toKeySource(input) })
  return new KeyObject({ type, pem: parsedKey.pem }, parsedKey)
}

/** Reads a key that is a PEM text, its bytes, or `{ key, format, type, passphrase }`. */
function toKeySource(input: unknown): object {
  if (input instanceof KeyObject) return { pem: input.export({ format: 'pem' }) }
  if (typeof input === 'string' || ArrayBuffer.isView(input)) return { pem: toBuffer(input).toString('utf8') }
  const { key, format = 'pem', type, passphrase, encoding } = input as KeyOptions
  if (key instanceof KeyObject) return toKeySource(key)
  if (format === 'jwk') return { jwk: key }
  const secret = passphrase === undefined ? {} : { passphrase }
  if (format === 'der') return { der: toBase64(key, encoding), format: type, ...secret }
  return { pem: toBuffer(key, encoding).toString('utf8'), ...secret }
}

/** Reads the key argument of `sign`, `verify`, `publicEncrypt` and similar functions, with the options beside the key. */
export function readKeyArgument(
  type: 'public' | 'private',
  input: unknown,
): { readonly key: KeyText; readonly [option: string]: unknown } {
  const { padding, saltLength, dsaEncoding, oaepHash } = (input ?? {}) as Record<string, unknown>
  const key = input instanceof KeyObject ? input : ((input as KeyOptions | null)?.key ?? input)
  const keyObject = key instanceof KeyObject ? key : parseKeyAs(type, input)
  return { key: keyObject.text, padding, saltLength, dsaEncoding, oaepHash }
}

/** Accepts a private key or a certificate in place of a public key. */
function parseKeyAs(type: 'public' | 'private', input: unknown): KeyObject {
  return type === 'private' ? createPrivateKey(input) : createPublicKey(input)
}
