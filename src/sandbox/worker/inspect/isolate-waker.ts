const wakeIntervalMs = 50

/**
 * Wakes an isolate while messages to its inspector are unanswered.
 *
 * While a debugger has paused an isolate, isolated-vm waits on a condition variable without a predicate. It misses a message
 * that comes just before it waits, until another message wakes it.
 */
export class IsolateWaker {
  readonly #wake: () => void
  readonly #unansweredIds = new Set<number>()
  #timer: NodeJS.Timeout | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** A message was sent that will be answered. */
  noteMessage(id: number): void {
    this.#unansweredIds.add(id)
    this.#timer ??= setInterval(this.#wake, wakeIntervalMs).unref()
  }

  noteAnswer(id: number): void {
    this.#unansweredIds.delete(id)
    if (this.#unansweredIds.size === 0) this.stop()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
