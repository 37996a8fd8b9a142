import { Buffer } from 'buffer'
import { Blob, FormData, encodeBlob, encodeForm } from './form-data.ts'
import { NativeTypeError, parseJson, toText } from '../../wire/primordials.ts'

/** The body of `Request` and `Response` (WHATWG Fetch, Body), in memory. */
export class Body {
  #bytes: Uint8Array | null
  #used = false

  constructor(bytes: Uint8Array | null) {
    this.#bytes = bytes
  }
  get bodyUsed(): boolean {
    return this.#used
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#take()).buffer
  }
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(this.#take())
  }
  async text(): Promise<string> {
    const text = Buffer.from(this.#take()).toString('utf8')
    return text[0] === '\uFEFF' ? text.slice(1) : text
  }
  async json(): Promise<unknown> {
    return parseJson(await this.text())
  }
  protected copyBytes(): Uint8Array | null {
    if (this.#used) throw new NativeTypeError('Body has already been read')
    return this.#bytes
  }
  #take(): Uint8Array {
    if (this.#used) throw new NativeTypeError('Body is unusable: Body has already been read')
    this.#used = this.#bytes !== null
    return this.#bytes ?? new Uint8Array()
  }
}

/** Encodes a body; `type` is its content type, if it implies one. */
export function encodeBody(body: unknown): { bytes: Uint8Array | null; type: string | undefined } {
  if (body === undefined || body === null) return { bytes: null, type: undefined }
  if (body instanceof ArrayBuffer) return { bytes: new Uint8Array(body.slice(0)), type: undefined }
  if (ArrayBuffer.isView(body)) {
    return {
      bytes: new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength).slice(),
      type: undefined,
    }
  }
  if (body instanceof FormData) return encodeForm(body)
  if (body instanceof Blob) return encodeBlob(body)
  const isForm = Object.prototype.toString.call(body) === '[object URLSearchParams]'
  const type = isForm ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'text/plain;charset=UTF-8'
  return { bytes: Buffer.from(toText(body), 'utf8'), type }
}
