import type ivm from 'isolated-vm'
import { openInspectorSession } from './open-inspector-session.ts'

/** A session with an isolate's inspector, in the Chrome DevTools Protocol. */
export interface Inspector {
  /** Resolves to undefined if the isolate was disposed before it answered. */
  call(method: string, params?: object): Promise<unknown>
  /** Closes the session; an open one keeps this process alive. */
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
      // A message to a disposed isolate crashes the process.
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
