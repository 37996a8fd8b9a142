import { Buffer } from 'buffer'
import { apply } from '../../wire/primordials.ts'

type Methods = Readonly<Record<string, (...args: unknown[]) => unknown>>

/** Adds the encoding `base64url` to `Buffer`. The library decodes its alphabet, but does not know its name. */
export function addBase64url(): void {
  const { from, isEncoding, byteLength } = Buffer as unknown as Methods
  const { write } = Buffer.prototype as unknown as Methods
  const nativeToString = Buffer.prototype.toString as (...args: unknown[]) => string
  const statics = {
    from: (...args: unknown[]) => from!(...toNativeArguments(args, 1)),
    isEncoding: (name: unknown) => isBase64url(name) || isEncoding!(name),
    byteLength: (...args: unknown[]) => byteLength!(...toNativeArguments(args, 1)),
  }
  const methods = {
    toString(this: unknown, ...args: unknown[]) {
      const text: string = apply(nativeToString, this, toNativeArguments(args, 0))
      return isBase64url(args[0]) ? text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : text
    },
    write(this: unknown, ...args: unknown[]) {
      return apply(write!, this, toNativeArguments(args, 1))
    },
  }
  Object.assign(Buffer, statics)
  Object.assign(Buffer.prototype, methods)
}

/** Maps arguments for the library. From the position `first` on, `base64url` can only be an encoding. */
function toNativeArguments(args: readonly unknown[], firstEncodingIndex: number): unknown[] {
  return args.map((value, index) => (index >= firstEncodingIndex && isBase64url(value) ? 'base64' : value))
}

function isBase64url(name: unknown): boolean {
  return typeof name === 'string' && name.toLowerCase() === 'base64url'
}
