import type { GuestLimits, Host } from '../../wire/guest-contract.ts'
import {
  NativeError,
  NativeMap,
  NativePromise,
  NativeTypeError,
  defineProperty,
  mapDelete,
  mapGet,
  mapSet,
  parseJson,
} from '../../wire/primordials.ts'

type Settle = (ok: boolean, body: string) => void

/** Operations of the host for a rule, and their callbacks. */
export interface Ops {
  /** Starts an op. The promise rejects with an error that has the host's code and message. */
  begin(name: string, input: string): Promise<string>
  /** Starts an op that calls back; returns its number, which `cancel` takes. */
  beginWith(name: string, input: string, settle: Settle): number
  cancel(op: number): void
  /** Returns the host's answer at once; throws its error. */
  ask(name: string, input: string): string
  settle(op: number, ok: boolean, body: string): void
  /** Removes an op that the host will never answer. */
  forget(op: number): void
}

export function createOps(host: Host, limits: GuestLimits): Ops {
  const pending = new NativeMap<number, Settle>()

  /** Limits an input before it is sent, so that the host never holds one that is too large. */
  function checkLength(input: string, maxLength: number): void {
    if (input.length > maxLength)
      throw createHostError('LIMIT_EXCEEDED', `a rule may send at most ${maxLength} bytes at once`)
  }

  function beginWith(name: string, input: string, settle: Settle): number {
    checkLength(
      input,
      name === 'fetch' || name === 'socket.secure' ? 2 * limits.maxResponseBytes : limits.maxOutputBytes,
    )
    const op = unwrapAnswer(host('op', name, input))
    mapSet(pending, Number(op), settle)
    return Number(op)
  }

  return {
    beginWith,
    begin: (name, input) =>
      new NativePromise<string>((resolve, reject) => {
        beginWith(name, input, (ok, body) => {
          if (ok) resolve(body)
          else reject(parseHostError(body))
        })
      }),
    cancel(op) {
      if (mapDelete(pending, op)) host('cancel', op, '')
    },
    ask(name, input) {
      checkLength(
        input,
        name === 'zlib' || name === 'socket.write' ? 2 * limits.maxResponseBytes : limits.maxOutputBytes,
      )
      return unwrapAnswer(host('ask', name, input))
    },
    settle(op, ok, body) {
      const settle = mapGet(pending, op)
      mapDelete(pending, op)
      settle?.(ok, body)
    },
    forget: (op) => void mapDelete(pending, op),
  }
}

/** The host never throws into the isolate: an error is a text that begins with `!`. */
function unwrapAnswer(answer: string | number | undefined): string {
  const text = `${answer}`
  if (text[0] === '!') throw parseHostError(text.slice(1))
  return text
}

function parseHostError(body: string): Error {
  const { name, code, message } = parseJson(body) as { name?: string; code?: string; message: string }
  return createHostError(code, message, name === 'TypeError' ? NativeTypeError : NativeError)
}

function createHostError(code: string | undefined, message: string, kind: ErrorConstructor = NativeError): Error {
  const error = new kind(message)
  if (code !== undefined) {
    defineProperty(error, 'code', { value: code, configurable: true, enumerable: true, writable: true })
  }
  return error
}
