type Usages = readonly string[]

/** A key as the host takes it. */
export interface WireKey {
  readonly format: string
  readonly data: string
  readonly algorithm: object
}

/** What the host knows about a key. */
export interface KeyInfo {
  readonly type: string
  readonly algorithm: { readonly name: string; readonly publicExponent?: readonly number[] }
  readonly key: WireKey
}

/** A key of WebCrypto. Its bytes go to the host with each call. */
export class CryptoKey {
  readonly type: string
  readonly extractable: boolean
  readonly algorithm: object
  readonly usages: Usages
  readonly #wire: WireKey

  constructor(info: KeyInfo, extractable: boolean, usages: Usages) {
    const { publicExponent, ...algorithm } = info.algorithm
    this.type = info.type
    this.extractable = extractable || info.type === 'public'
    this.algorithm =
      publicExponent === undefined ? algorithm : { ...algorithm, publicExponent: new Uint8Array(publicExponent) }
    this.usages = usages
    this.#wire = info.key
  }

  get [Symbol.toStringTag](): string {
    return 'CryptoKey'
  }

  static toWireKey(key: unknown): WireKey {
    if (!(key instanceof CryptoKey)) throw new TypeError('a CryptoKey is expected')
    return key.#wire
  }
}
