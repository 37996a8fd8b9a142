import { Buffer } from 'buffer'
import { random } from '../realm/random.ts'
import { NativeTypeError, defineProperty, isArray, toText } from '../../wire/primordials.ts'

type Entry = readonly [name: string, value: string | Blob, filename: string | undefined]

/** `Blob` (W3C File API): bytes in memory, with a type. */
export class Blob {
  readonly #bytes: Uint8Array
  readonly type: string

  constructor(parts: readonly unknown[] = [], options: { readonly type?: unknown } = {}) {
    if (!isArray(parts)) throw new NativeTypeError('Blob: the parts must be an array')
    this.#bytes = new Uint8Array(Buffer.concat(parts.map(encodePart)))
    this.type = options.type === undefined ? '' : toText(options.type).toLowerCase()
  }
  get size(): number {
    return this.#bytes.length
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#bytes).buffer
  }
  async text(): Promise<string> {
    return Buffer.from(this.#bytes).toString('utf8')
  }
  slice(start?: number, end?: number, type?: string): Blob {
    return new Blob([this.#bytes.slice(start, end)], { type })
  }
  get [Symbol.toStringTag](): string {
    return 'Blob'
  }
  static readBytes(blob: Blob): Uint8Array {
    return blob.#bytes
  }
}
const { readBytes: readBlobBytes } = Blob
Reflect.deleteProperty(Blob, 'readBytes')
// The bundler renames a class that refers to itself.
defineProperty(Blob, 'name', { value: 'Blob', configurable: true })

/** Encodes a body that is a blob. */
export function encodeBlob(blob: Blob): { bytes: Uint8Array; type: string | undefined } {
  return { bytes: readBlobBytes(blob).slice(), type: blob.type === '' ? undefined : blob.type }
}

function encodePart(part: unknown): Uint8Array {
  if (part instanceof Blob) return readBlobBytes(part)
  if (part instanceof ArrayBuffer) return new Uint8Array(part)
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer as ArrayBuffer, part.byteOffset, part.byteLength)
  return Buffer.from(toText(part), 'utf8')
}

/** `FormData` (XMLHttpRequest standard), which `fetch` sends as `multipart/form-data`. */
export class FormData {
  #entries: Entry[] = []

  append(name: unknown, value: unknown, filename?: unknown): void {
    this.#entries.push(createEntry(name, value, filename))
  }
  set(name: unknown, value: unknown, filename?: unknown): void {
    this.delete(name)
    this.append(name, value, filename)
  }
  delete(name: unknown): void {
    this.#entries = this.#entries.filter(([entryName]) => entryName !== toText(name))
  }
  get(name: unknown): string | Blob | null {
    return this.#entries.find(([entryName]) => entryName === toText(name))?.[1] ?? null
  }
  getAll(name: unknown): (string | Blob)[] {
    return this.#entries.filter(([entryName]) => entryName === toText(name)).map(([, value]) => value)
  }
  has(name: unknown): boolean {
    return this.#entries.some(([entryName]) => entryName === toText(name))
  }
  forEach(visit: (value: string | Blob, name: string, form: FormData) => void, self?: unknown): void {
    for (const [name, value] of this.#entries) visit.call(self, value, name, this)
  }
  entries(): IterableIterator<[string, string | Blob]> {
    return this.#entries.map(([name, value]): [string, string | Blob] => [name, value]).values()
  }
  keys(): IterableIterator<string> {
    return this.#entries.map(([name]) => name).values()
  }
  values(): IterableIterator<string | Blob> {
    return this.#entries.map(([, value]) => value).values()
  }
  [Symbol.iterator](): IterableIterator<[string, string | Blob]> {
    return this.entries()
  }
  get [Symbol.toStringTag](): string {
    return 'FormData'
  }
  static encode(form: FormData): { bytes: Uint8Array; type: string } {
    const boundary = `----claimsmith${createRandomText()}`
    const parts = form.#entries.flatMap(([name, value, filename]) => {
      const isText = typeof value === 'string'
      const file = isText ? '' : `; filename="${escapeName(filename ?? 'blob')}"`
      const kind = isText ? '' : `\r\nContent-Type: ${value.type === '' ? 'application/octet-stream' : value.type}`
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"${file}${kind}\r\n\r\n`
      return [Buffer.from(head), isText ? Buffer.from(value) : readBlobBytes(value), Buffer.from('\r\n')]
    })
    const bytes = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
    return { bytes, type: `multipart/form-data; boundary=${boundary}` }
  }
}
export const { encode: encodeForm } = FormData
Reflect.deleteProperty(FormData, 'encode')

function createEntry(name: unknown, value: unknown, filename: unknown): Entry {
  const entryValue = value instanceof Blob ? value : toText(value)
  return [toText(name), entryValue, filename === undefined ? undefined : toText(filename)]
}

/** Escapes the characters that would end the name (HTML, multipart/form-data). */
function escapeName(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}

/** Creates letters and digits that are unlikely to occur in a text; not for secrets. */
function createRandomText(): string {
  return random().toString(36).slice(2) + random().toString(36).slice(2)
}
