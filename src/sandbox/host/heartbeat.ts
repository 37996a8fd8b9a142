/** Why a worker does not answer: it is at work without end, it waits for what never comes, or it gets no CPU. */
export type Stall = 'frozen' | 'blocked' | 'stopped'

/**
 * Watches for the answer of another process. On a busy machine a process is silent for long and has done nothing wrong, so
 * what counts is the CPU that it uses meanwhile.
 */
export interface Heartbeat {
  /** How long an answer has been awaited; undefined where none is. */
  getWaitMs(nowMs: number): number | undefined
  ping(nowMs: number): void
  /** A sign of life has come. */
  onPong(): void
  /** What is wrong with the process; undefined where it has only to be waited for. */
  detectStall(nowMs: number): Stall | undefined
}

export interface HeartbeatOptions {
  /** The CPU that it may use without an answer. */
  readonly maxCpuMs: number
  /** How long it may use no CPU at all. */
  readonly maxIdleMs: number
  /** The CPU that the process has used so far. */
  readonly cpuMs: () => number
  /** Whether it waits of its own accord. */
  readonly isBlocked: () => boolean
}

/** The kernel counts a process's CPU in ticks; one of them may have begun before. */
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
