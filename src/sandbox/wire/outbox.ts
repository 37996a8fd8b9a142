/** Queue of messages to the other process. Messages of one turn of the event loop share one write, that is, one system call. */
export interface Outbox<Message> {
  post(message: Message): void
  /** Sends the queued messages at once. */
  flush(): void
  /** Sends the messages that have waited for more than 1 ms. Call it before the thread is busy. */
  flushOld(nowMs: number): void
}

const oldAfterMs = 1
/** Enough to share the cost of a write, and few enough that the other process can begin while this one goes on. */
const maxBatchSize = 8

export function createOutbox<Message>(send: (messages: readonly Message[]) => void): Outbox<Message> {
  let pending: Message[] = []
  let scheduled: NodeJS.Immediate | undefined
  let sinceMs: number | undefined

  function flush(): void {
    clearImmediate(scheduled)
    scheduled = undefined
    sinceMs = undefined
    const messages = pending
    pending = []
    if (messages.length > 0) send(messages)
  }

  return {
    flush,
    flushOld(nowMs) {
      if (pending.length === 0) return
      sinceMs ??= nowMs
      if (nowMs - sinceMs > oldAfterMs) flush()
    },
    post(message) {
      pending.push(message)
      if (pending.length >= maxBatchSize) flush()
      else scheduled ??= setImmediate(flush)
    },
  }
}
