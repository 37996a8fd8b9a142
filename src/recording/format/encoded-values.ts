import { decode, encode } from '../../sandbox/wire/codec.ts'

/** Reads a value that stands in a recording as a list: the value, and the marks of what JSON has no word for. */
export function readValue(encoded: unknown): unknown {
  return decode(JSON.stringify(encoded))
}

const limits = { maxDepth: 32, maxLength: 256_000 }

/** Writes a value as a recording holds it. */
export function writeValue(value: unknown): unknown {
  return JSON.parse(encode(value, limits))
}
