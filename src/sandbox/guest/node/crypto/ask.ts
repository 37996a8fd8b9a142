import { native } from '../native.ts'

/** Asks the OpenSSL of the host. Its errors are thrown as errors of this realm. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the host's answers have the types of its table
export function askCrypto<Result>(call: string, value: object): Result {
  return JSON.parse(native.ops.ask('crypto', JSON.stringify({ call, value }))) as Result
}

export function toBuffer(data: unknown, encoding?: string): Buffer {
  if (typeof data === 'string') return Buffer.from(data, (encoding ?? 'utf8') as BufferEncoding)
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  const message = 'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView'
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}

export const toBase64 = (data: unknown, encoding?: string): string => toBuffer(data, encoding).toString('base64')

/** Decodes bytes from the host to a Buffer, or to a text in an encoding. */
export function decodeBase64(text: string, encoding?: string): string | Buffer {
  const bytes = Buffer.from(text, 'base64')
  return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding as BufferEncoding)
}

/** Runs a function and passes its result to a Node callback in a later turn. */
export function runLater<Result>(work: () => Result, callback: (error: unknown, result?: Result) => void): void {
  setImmediate(() => {
    let result: Result
    try {
      result = work()
    } catch (error) {
      callback(error)
      return
    }
    callback(null, result)
  })
}
