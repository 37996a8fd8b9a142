import { Transform } from 'stream'
import { runLater, toBuffer } from './crypto/ask.ts'
import { native } from './native.ts'

/** Set by the bundler of a ruleset's modules. */
declare const __claimsmithZlib: Readonly<Record<string, number>>

type Callback = (error: unknown, result?: unknown) => void

function runZlib(way: string, data: unknown, options: object = {}): Buffer {
  const input = JSON.stringify({ way, data: toBuffer(data).toString('base64'), options })
  return Buffer.from(native.ops.ask('zlib', input), 'base64')
}

/** A stream of `zlib`. It collects its input, and writes the whole result at the end. */
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
      output = input.length === 0 && isDecompression(this.#way) ? input : runZlib(this.#way, input, this.#options)
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

function isDecompression(way: string): boolean {
  return way === 'brotliDecompress' || way === 'unzip' || way.startsWith('gunzip') || way.startsWith('inflate')
}

const createSync =
  (way: string) =>
  (data: unknown, options?: object): Buffer =>
    runZlib(way, data, options)

const withCallback =
  (way: string) =>
  (data: unknown, ...rest: [Callback] | [object, Callback]): void =>
    runLater(() => runZlib(way, data, rest.length === 2 ? rest[0] : {}), rest.at(-1) as Callback)

type ZlibClass = new (options?: object) => Transform

const createStreamClass = (way: string): ZlibClass =>
  class extends Zlib {
    constructor(options?: object) {
      super(way, options)
    }
  }

const createStreamFactory =
  (Kind: ZlibClass) =>
  (options?: object): Transform =>
    new Kind(options)

export const brotliCompressSync = createSync('brotliCompress')
export const brotliDecompressSync = createSync('brotliDecompress')
export const deflateSync = createSync('deflate')
export const deflateRawSync = createSync('deflateRaw')
export const gunzipSync = createSync('gunzip')
export const gzipSync = createSync('gzip')
export const inflateSync = createSync('inflate')
export const inflateRawSync = createSync('inflateRaw')
export const unzipSync = createSync('unzip')

export const brotliCompress = withCallback('brotliCompress')
export const brotliDecompress = withCallback('brotliDecompress')
export const deflate = withCallback('deflate')
export const deflateRaw = withCallback('deflateRaw')
export const gunzip = withCallback('gunzip')
export const gzip = withCallback('gzip')
export const inflate = withCallback('inflate')
export const inflateRaw = withCallback('inflateRaw')
export const unzip = withCallback('unzip')

export const BrotliCompress = createStreamClass('brotliCompress')
export const BrotliDecompress = createStreamClass('brotliDecompress')
export const Deflate = createStreamClass('deflate')
export const DeflateRaw = createStreamClass('deflateRaw')
export const Gunzip = createStreamClass('gunzip')
export const Gzip = createStreamClass('gzip')
export const Inflate = createStreamClass('inflate')
export const InflateRaw = createStreamClass('inflateRaw')
export const Unzip = createStreamClass('unzip')

export const createBrotliCompress = createStreamFactory(BrotliCompress)
export const createBrotliDecompress = createStreamFactory(BrotliDecompress)
export const createDeflate = createStreamFactory(Deflate)
export const createDeflateRaw = createStreamFactory(DeflateRaw)
export const createGunzip = createStreamFactory(Gunzip)
export const createGzip = createStreamFactory(Gzip)
export const createInflate = createStreamFactory(Inflate)
export const createInflateRaw = createStreamFactory(InflateRaw)
export const createUnzip = createStreamFactory(Unzip)

export const constants = __claimsmithZlib
export const { Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_BEST_SPEED, Z_BEST_COMPRESSION } = constants
export const { Z_DEFAULT_COMPRESSION, Z_DEFAULT_STRATEGY, Z_NO_COMPRESSION } = constants
