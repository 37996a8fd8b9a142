import {
  type BrotliOptions,
  type ZlibOptions,
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
  unzipSync,
} from 'node:zlib'
import { type OperationCost, estimateZlib } from './operation-cost.ts'

export interface ZlibInput {
  readonly way: string
  /** In base64. */
  readonly data: string
  readonly options: ZlibOptions & BrotliOptions
}

type ZlibFunction = (data: Uint8Array, options: object) => Buffer

const zlibFunctions: Readonly<Record<string, ZlibFunction>> = {
  brotliCompress: brotliCompressSync,
  brotliDecompress: brotliDecompressSync,
  deflate: deflateSync,
  deflateRaw: deflateRawSync,
  gunzip: gunzipSync,
  gzip: gzipSync,
  inflate: inflateSync,
  inflateRaw: inflateRawSync,
  unzip: unzipSync,
}

/**
 * Compresses or expands bytes for a realm. `maxBytes` bounds the output, so that a zip bomb does not exhaust the memory.
 * `admit` gets the cost before the work starts.
 */
export function runZlib(
  { way, data, options }: ZlibInput,
  maxBytes: number,
  admit: (cost: OperationCost) => void,
): string {
  const zlibFunction = Object.hasOwn(zlibFunctions, way) ? zlibFunctions[way] : undefined
  if (zlibFunction === undefined) throw new Error('no such function of zlib')
  const input = Buffer.from(data, 'base64')
  const level = way === 'brotliCompress' ? options.params?.[constants.BROTLI_PARAM_QUALITY] : options.level
  admit(
    estimateZlib(way, {
      level: typeof level === 'number' ? level : undefined,
      inputBytes: input.length,
      maxOutputBytes: maxBytes,
    }),
  )
  const { windowBits, memLevel, strategy, finishFlush, params } = options
  const allOptions = Object.entries({ level: options.level, windowBits, memLevel, strategy, finishFlush, params })
  const definedOptions = Object.fromEntries(allOptions.filter(([, value]) => value !== undefined))
  try {
    return zlibFunction(input, { ...definedOptions, maxOutputLength: maxBytes }).toString('base64')
  } catch (error) {
    const isTooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
    throw isTooLarge ? createLimitError(`the output of zlib may have at most ${maxBytes} bytes in a rule`) : error
  }
}

function createLimitError(message: string): Error {
  return Object.assign(new RangeError(message), { code: 'LIMIT_EXCEEDED' })
}
