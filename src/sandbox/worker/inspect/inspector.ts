import type ivm from 'isolated-vm'
import { openInspectorSession } from './open-inspector-session.ts'

/** A conversation with an isolate's own inspector, in the Chrome DevTools Protocol. */
export interface Inspector {
  /** Undefined where the isolate was gone before it answered. */
  call(method: string, params?: object): Promise<unknown>
  /** Ends the conversation, which keeps this process alive. */
  dispose(): void
}

export function openInspector(isolate: ivm.Isolate): Inspector {
  const session = openInspectorSession(isolate)
  const pendingCalls = new Map<number, (result: unknown) => void>()
  let lastId = 0
  let isOpen = true
  session.onResponse = (id, message) => {
    const resolve = pendingCalls.get(id)
    pendingCalls.delete(id)
    resolve?.((JSON.parse(message) as { readonly result?: unknown }).result)
  }

  return {
    call(method, params = {}) {
      // What is said to an isolate that is gone brings the process down.
      if (!isOpen || isolate.isDisposed) return Promise.resolve(undefined)
      const id = ++lastId
      return new Promise((resolve) => {
        pendingCalls.set(id, resolve)
        session.dispatchProtocolMessage(JSON.stringify({ id, method, params }))
      })
    },
    dispose() {
      if (!isOpen) return
      isOpen = false
      for (const resolve of pendingCalls.values()) resolve(undefined)
      pendingCalls.clear()
      session.dispose()
    },
  }
}
