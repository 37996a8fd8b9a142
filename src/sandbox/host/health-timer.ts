export interface HealthTimerOptions {
  readonly nowMs: () => number
  /** The timer stops after the group has had no run for this time. If absent, the timer stops at its first idle tick. */
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
 * Calls `onTick` at intervals. Its states:
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
    // If this process was blocked, it has not read the answers of its workers yet. It reads them before the check.
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
