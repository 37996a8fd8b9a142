import type { Ops } from '../driver/ops.ts'

type Listener = ((event: { type: 'abort'; target: unknown }) => void) | { handleEvent(event: object): void }

export interface GuestAbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: string, listener: Listener): void
}

/** `AbortController` and `AbortSignal` (DOM standard); only what `fetch` and libraries use. */
export function createAbort(ops: Ops): { AbortController: unknown; AbortSignal: unknown } {
  class AbortSignal implements GuestAbortSignal {
    aborted = false
    reason: unknown = undefined
    onabort: ((event: object) => void) | null = null
    readonly #listeners = new Set<Listener>()

    static abort(reason?: unknown): AbortSignal {
      const signal = new AbortSignal()
      signal.#abort(reason)
      return signal
    }
    static timeout(ms: number): AbortSignal {
      const signal = new AbortSignal()
      ops.beginWith('timer', `${Math.max(1, Math.trunc(ms))}`, () =>
        signal.#abort(createDomError('TimeoutError', 'The operation timed out')),
      )
      return signal
    }
    static any(signals: Iterable<AbortSignal>): AbortSignal {
      const combined = new AbortSignal()
      for (const signal of signals) {
        if (signal.aborted) combined.#abort(signal.reason)
        else signal.addEventListener('abort', () => combined.#abort(signal.reason))
      }
      return combined
    }
    static trigger(signal: AbortSignal, reason: unknown): void {
      signal.#abort(reason)
    }
    addEventListener(type: string, listener: Listener): void {
      if (type === 'abort') this.#listeners.add(listener)
    }
    removeEventListener(_type: string, listener: Listener): void {
      this.#listeners.delete(listener)
    }
    throwIfAborted(): void {
      if (this.aborted) throw this.reason
    }
    #abort(reason: unknown = createDomError('AbortError', 'This operation was aborted')): void {
      if (this.aborted) return
      this.aborted = true
      this.reason = reason
      const event = { type: 'abort', target: this } as const
      this.onabort?.(event)
      for (const listener of this.#listeners) {
        if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      }
    }
  }
  const { trigger } = AbortSignal
  Reflect.deleteProperty(AbortSignal, 'trigger')

  class AbortController {
    readonly signal = new AbortSignal()
    abort(reason?: unknown): void {
      trigger(this.signal, reason)
    }
  }

  return { AbortController, AbortSignal }
}

type DomErrorName = 'AbortError' | 'TimeoutError' | 'InvalidCharacterError' | 'DataCloneError'

/** Creates an error with the name of a `DOMException`, which the isolate does not have. */
export function createDomError(name: DomErrorName, message: string): Error {
  const error = new Error(message)
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  return error
}
