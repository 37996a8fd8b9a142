export interface HealthTimerOptions {
  readonly nowMs: () => number
  /** How long the group must have had no run before the timer stops; at its first idle tick if absent. */
  readonly idleMs?: number | undefined
  /** Whether a run is queued or under way. */
  readonly isBusy: () => boolean
  /** Checks the workers. */
  readonly onTick: () => void
  /** The timer stopped because the group was idle. */
  readonly onIdle: () => void
}

const intervalMs = 50

/**
 * Calls for a health check at intervals:
 *
 * - stopped: no timer
 * - busy: runs are queued or under way; the timer keeps the embedder's process alive
 * - idle: no run; the timer does not keep the process alive, and stops after `idleMs`
 */
export class HealthTimer {
  readonly #options: HealthTimerOptions
  #timer: NodeJS.Timeout | undefined
  #lastTickMs = 0
  #busyAtMs = 0

  constructor(options: HealthTimerOptions) {
    this.#options = options
  }

  /** A run was queued: becomes busy. */
  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), intervalMs)
    this.#timer.ref()
    this.#busyAtMs = this.#options.nowMs()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const { nowMs, isBusy, onTick } = this.#options
    const atMs = nowMs()
    const isLate = atMs - this.#lastTickMs > 2 * intervalMs
    this.#lastTickMs = atMs
    if (isBusy()) this.#busyAtMs = atMs
    else this.#idle(atMs)
    // If this process was held up, the answers of its workers are still unread. They come before the check.
    if (isLate) setImmediate(onTick)
    else onTick()
  }

  #idle(atMs: number): void {
    const { idleMs, onIdle } = this.#options
    this.#timer?.unref()
    if (idleMs !== undefined && atMs - this.#busyAtMs <= idleMs) return
    this.stop()
    onIdle()
  }
}
