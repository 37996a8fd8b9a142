import { Buffer } from 'buffer'
import { createDomError } from './abort.ts'
import { NativeTypeError, toText } from '../../wire/primordials.ts'

const encodings: Readonly<Record<string, 'utf8' | 'utf16le' | 'latin1'>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'unicode-1-1-utf-8': 'utf8',
  'utf-16le': 'utf16le',
  'utf-16': 'utf16le',
  latin1: 'latin1',
  'iso-8859-1': 'latin1',
  ascii: 'latin1',
}

/** `TextEncoder`, `TextDecoder` (UTF-8, UTF-16LE, Latin-1), `atob` and `btoa`, implemented with `Buffer`. */
export function createText(): Record<string, unknown> {
  class TextEncoder {
    get encoding(): string {
      return 'utf-8'
    }
    encode(text: unknown = ''): Uint8Array {
      return new Uint8Array(Buffer.from(toText(text), 'utf8'))
    }
    encodeInto(text: unknown, target: Uint8Array): { read: number; written: number } {
      let read = 0
      let written = 0
      for (const char of toText(text)) {
        const bytes = Buffer.from(char, 'utf8')
        if (written + bytes.length > target.length) break
        target.set(bytes, written)
        written += bytes.length
        read += char.length
      }
      return { read, written }
    }
  }

  class TextDecoder {
    readonly encoding: string
    readonly fatal: boolean
    readonly ignoreBOM: boolean

    constructor(label: unknown = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
      const name = toText(label).trim().toLowerCase()
      if (encodings[name] === undefined) {
        throw new RangeError(`The encoding "${name}" is not supported here; utf-8, utf-16le and latin1 are`)
      }
      this.encoding = name === 'utf8' ? 'utf-8' : name
      this.fatal = options.fatal === true
      this.ignoreBOM = options.ignoreBOM === true
    }
    decode(input: ArrayBuffer | ArrayBufferView = new Uint8Array()): string {
      if (typeof input !== 'object')
        throw new NativeTypeError('TextDecoder: the input must be a buffer or a view of one')
      const bytes = ArrayBuffer.isView(input)
        ? Buffer.from(input.buffer as ArrayBuffer, input.byteOffset, input.byteLength)
        : Buffer.from(input)
      const text = bytes.toString(encodings[this.encoding])
      if (this.fatal && !Buffer.from(text, encodings[this.encoding]).equals(bytes)) {
        throw new NativeTypeError(`The encoded data was not valid for encoding ${this.encoding}`)
      }
      return !this.ignoreBOM && text[0] === '\uFEFF' ? text.slice(1) : text
    }
  }

  return {
    TextEncoder,
    TextDecoder,
    atob(text: unknown): string {
      const clean = toText(text).replace(/[\t\n\f\r ]/g, '')
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(clean) || clean.length % 4 === 1) {
        throw createDomError('InvalidCharacterError', 'The string to be decoded is not correctly encoded.')
      }
      return Buffer.from(clean, 'base64').toString('latin1')
    },
    btoa(text: unknown): string {
      const plain = toText(text)
      for (let index = 0; index < plain.length; index++) {
        if (plain.charCodeAt(index) > 255)
          throw createDomError('InvalidCharacterError', 'Invalid character: it is outside of Latin-1')
      }
      return Buffer.from(plain, 'latin1').toString('base64')
    },
  }
}
