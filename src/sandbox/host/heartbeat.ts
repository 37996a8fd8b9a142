/**
 * Why a process does not answer:
 *
 * - `frozen`: it uses CPU without end
 * - `blocked`: its main thread sleeps
 * - `stopped`: it gets no CPU, although it could run
 */
export type Stall = 'frozen' | 'blocked' | 'stopped'

/**
 * Liveness probe of another process by ping and CPU. On a loaded machine a healthy process may not answer for long, so the
 * CPU that it has used since the ping counts, not the time alone.
 */
export interface Heartbeat {
  /** How long the last ping has been unanswered; undefined if it was answered, or none was sent. */
  getWaitMs(nowMs: number): number | undefined
  ping(nowMs: number): void
  /** The process answered. */
  onPong(): void
  /** Undefined if the process answered, or may still do so. */
  detectStall(nowMs: number): Stall | undefined
}

export interface HeartbeatOptions {
  /** CPU that it may use without an answer. */
  readonly maxCpuMs: number
  /** How long it may use no CPU while an answer is due. */
  readonly maxIdleMs: number
  /** CPU that the process has used since its start. */
  readonly cpuMs: () => number
  /** Whether its main thread sleeps. */
  readonly isBlocked: () => boolean
}

/** Resolution of the kernel's CPU times: one tick may belong to the interval before. */
const tickMs = 10

export function createHeartbeat({ maxCpuMs, maxIdleMs, cpuMs, isBlocked }: HeartbeatOptions): Heartbeat {
  let lastPing: { readonly atMs: number; readonly cpuMs: number } | undefined
  let lastSample = { atMs: 0, cpuMs: 0 }

  return {
    getWaitMs: (nowMs) => lastPing && nowMs - lastPing.atMs,
    ping(nowMs) {
      lastPing = lastSample = { atMs: nowMs, cpuMs: cpuMs() }
    },
    onPong() {
      lastPing = undefined
    },
    detectStall(nowMs) {
      if (lastPing === undefined || nowMs - lastSample.atMs <= maxIdleMs) return undefined
      const previousSample = lastSample
      lastSample = { atMs: nowMs, cpuMs: cpuMs() }
      if (lastSample.cpuMs - lastPing.cpuMs > maxCpuMs) return 'frozen'
      if (lastSample.cpuMs - previousSample.cpuMs > tickMs) return undefined
      return isBlocked() ? 'blocked' : 'stopped'
    },
  }
}
