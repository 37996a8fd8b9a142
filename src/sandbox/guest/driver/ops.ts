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

/** Work that the host does for a rule, and what waits for it. */
export interface Ops {
  /** Begins work; the promise rejects with an error that carries the host's code and message. */
  begin(name: string, input: string): Promise<string>
  /** Begins work and calls back; answers the number by which it can be cancelled. */
  beginWith(name: string, input: string, settle: Settle): number
  cancel(op: number): void
  /** Gets an answer at once; throws what the host refuses. */
  ask(name: string, input: string): string
  settle(op: number, ok: boolean, body: string): void
  /** Forgets an op that will never be answered. */
  forget(op: number): void
}

export function createOps(host: Host, limits: GuestLimits): Ops {
  const pending = new NativeMap<number, Settle>()

  /** What goes out is limited before it goes: the host must not have to hold it to find it too large. */
  function checkLength(input: string, maxLength: number): void {
    if (input.length > maxLength)
      throw createHostError('LIMIT_EXCEEDED', `what a rule sends may hold ${maxLength} bytes`)
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

/** The host never throws into the isolate: what it refuses comes as text with a `!` before it. */
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
