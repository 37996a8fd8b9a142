/** Messages on their way to the other process. Each write is a system call, so those of one turn of the event loop share one. */
export interface Outbox<Message> {
  post(message: Message): void
  /** Sends what has been posted. */
  flush(): void
  /** Sends what has waited for a while: to be called where the thread is about to be busy. */
  flushOld(nowMs: number): void
}

const oldAfterMs = 1
/** So many share the price of a write well enough, and are few enough that the other process begins while this one goes on. */
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
