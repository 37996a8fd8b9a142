import { Transform } from 'stream'
import { later, toBuffer } from './crypto/ask.ts'
import { native } from './native.ts'

/** Put in when a ruleset's modules are bundled. */
declare const __claimsmithZlib: Readonly<Record<string, number>>

type Callback = (error: unknown, result?: unknown) => void

function run(way: string, data: unknown, options: object = {}): Buffer {
  const input = JSON.stringify({ way, data: toBuffer(data).toString('base64'), options })
  return Buffer.from(native.ops.ask('zlib', input), 'base64')
}

/** A stream of `zlib`: it keeps what comes, and gives all of its result at the end. */
class Zlib extends Transform {
  readonly #way: string
  readonly #options: object
  readonly #chunks: Buffer[] = []

  constructor(way: string, options: object = {}) {
    super()
    this.#way = way
    this.#options = options
  }
  override _transform(chunk: unknown, encoding: string, done: (error?: Error) => void): void {
    this.#chunks.push(Buffer.from(toBuffer(chunk, encoding)))
    done()
  }
  override _flush(done: (error?: Error | null, data?: Buffer) => void): void {
    const input = Buffer.concat(this.#chunks)
    let output: Buffer
    try {
      output = input.length === 0 && expands(this.#way) ? input : run(this.#way, input, this.#options)
    } catch (error) {
      done(error as Error)
      return
    }
    done(null, output)
  }
  flush(done?: () => void): void {
    if (done !== undefined) setImmediate(done)
  }
  close(done?: () => void): void {
    this.destroy()
    done?.()
  }
}

function expands(way: string): boolean {
  return way === 'brotliDecompress' || way === 'unzip' || way.startsWith('gunzip') || way.startsWith('inflate')
}

const once =
  (way: string) =>
  (data: unknown, options?: object): Buffer =>
    run(way, data, options)

const withCallback =
  (way: string) =>
  (data: unknown, ...rest: [Callback] | [object, Callback]): void =>
    later(() => run(way, data, rest.length === 2 ? rest[0] : {}), rest.at(-1) as Callback)

type ZlibClass = new (options?: object) => Transform

const stream = (way: string): ZlibClass =>
  class extends Zlib {
    constructor(options?: object) {
      super(way, options)
    }
  }

const maker =
  (Kind: ZlibClass) =>
  (options?: object): Transform =>
    new Kind(options)

export const brotliCompressSync = once('brotliCompress')
export const brotliDecompressSync = once('brotliDecompress')
export const deflateSync = once('deflate')
export const deflateRawSync = once('deflateRaw')
export const gunzipSync = once('gunzip')
export const gzipSync = once('gzip')
export const inflateSync = once('inflate')
export const inflateRawSync = once('inflateRaw')
export const unzipSync = once('unzip')

export const brotliCompress = withCallback('brotliCompress')
export const brotliDecompress = withCallback('brotliDecompress')
export const deflate = withCallback('deflate')
export const deflateRaw = withCallback('deflateRaw')
export const gunzip = withCallback('gunzip')
export const gzip = withCallback('gzip')
export const inflate = withCallback('inflate')
export const inflateRaw = withCallback('inflateRaw')
export const unzip = withCallback('unzip')

export const BrotliCompress = stream('brotliCompress')
export const BrotliDecompress = stream('brotliDecompress')
export const Deflate = stream('deflate')
export const DeflateRaw = stream('deflateRaw')
export const Gunzip = stream('gunzip')
export const Gzip = stream('gzip')
export const Inflate = stream('inflate')
export const InflateRaw = stream('inflateRaw')
export const Unzip = stream('unzip')

export const createBrotliCompress = maker(BrotliCompress)
export const createBrotliDecompress = maker(BrotliDecompress)
export const createDeflate = maker(Deflate)
export const createDeflateRaw = maker(DeflateRaw)
export const createGunzip = maker(Gunzip)
export const createGzip = maker(Gzip)
export const createInflate = maker(Inflate)
export const createInflateRaw = maker(InflateRaw)
export const createUnzip = maker(Unzip)

export const constants = __claimsmithZlib
export const { Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_BEST_SPEED, Z_BEST_COMPRESSION } = constants
export const { Z_DEFAULT_COMPRESSION, Z_DEFAULT_STRATEGY, Z_NO_COMPRESSION } = constants
