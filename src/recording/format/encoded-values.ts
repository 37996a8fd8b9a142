import { decode, encode } from '../../sandbox/wire/codec.ts'
import type { RecordedBody } from './recording.ts'

/** Reads a value from its form in a recording: a list of the value, and the marks of what JSON cannot express in it. */
export function readValue(encoded: unknown): unknown {
  return decode(JSON.stringify(encoded))
}

const limits = { maxDepth: 32, maxLength: 256_000 }

/** Writes a value in its form in a recording. */
export function writeValue(value: unknown): unknown {
  return JSON.parse(encode(value, limits))
}

/** Writes a body as text if its bytes are valid UTF-8. */
export function toRecordedBody(base64: string): RecordedBody {
  const bytes = Buffer.from(base64, 'base64')
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) ? text : { base64 }
}

export function toBytes(body: RecordedBody): Buffer<ArrayBuffer> {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64')
}
