import type ivm from 'isolated-vm'
import { openSession } from './open-session.ts'

/** A conversation with an isolate's own inspector, in the Chrome DevTools Protocol. */
export interface Inspector {
  /** Undefined where the isolate was gone before it answered. */
  call(method: string, params?: object): Promise<unknown>
  /** Ends the conversation, which keeps this process alive. */
  dispose(): void
}

export function openInspector(isolate: ivm.Isolate): Inspector {
  const session = openSession(isolate)
  const waiting = new Map<number, (result: unknown) => void>()
  let lastId = 0
  let open = true
  session.onResponse = (id, message) => {
    const resolve = waiting.get(id)
    waiting.delete(id)
    resolve?.((JSON.parse(message) as { readonly result?: unknown }).result)
  }

  return {
    call(method, params = {}) {
      // What is said to an isolate that is gone brings the process down.
      if (!open || isolate.isDisposed) return Promise.resolve(undefined)
      const id = ++lastId
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        session.dispatchProtocolMessage(JSON.stringify({ id, method, params }))
      })
    },
    dispose() {
      if (!open) return
      open = false
      for (const resolve of waiting.values()) resolve(undefined)
      waiting.clear()
      session.dispose()
    },
  }
}
