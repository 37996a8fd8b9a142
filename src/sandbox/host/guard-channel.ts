import type { ChildProcess } from 'node:child_process'

/** Node's handle of the IPC pipe. It calls `onread` with the bytes that arrived. */
interface ChannelHandle {
  onread: (this: unknown, ...args: unknown[]) => unknown
}

/**
 * Calls `onInvalidBytes` if a child sends bytes that are no message.
 *
 * Node deserialises inside of the pipe's callback. What that throws has no other catcher, and would end this process: a
 * worker that is compromised may write anything to the pipe, such as a value that is nested too deep for the stack.
 */
export function guardChannel(child: ChildProcess, onInvalidBytes: () => void): void {
  const handle = findChannelHandle(child)
  if (handle === undefined) return
  const { onread } = handle
  handle.onread = function onGuardedRead(...args) {
    try {
      return onread.apply(this, args)
    } catch {
      onInvalidBytes()
      return undefined
    }
  }
}

/** Node keeps the handle under a symbol, and has no other way to it. */
function findChannelHandle(child: ChildProcess): ChannelHandle | undefined {
  const symbol = Object.getOwnPropertySymbols(child).find(({ description }) => description === 'kChannelHandle')
  const handle = symbol && (child as unknown as Record<symbol, Partial<ChannelHandle> | null>)[symbol]
  return typeof handle?.onread === 'function' ? (handle as ChannelHandle) : undefined
}
