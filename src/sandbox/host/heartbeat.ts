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
 * CPU that it has used since its last sign of life counts, not the time alone.
 */
export interface Heartbeat {
  /** How long the last ping has been unanswered; undefined if it was answered, or none was sent. */
  getWaitMs(nowMs: number): number | undefined
  ping(nowMs: number): void
  /** The process answered. */
  onPong(): void
  /** The process sent something else: it is alive, but has not read the ping yet. */
  onProgress(): void
  /** Undefined if the process answered, or may still do so. */
  detectStall(nowMs: number): Stall | undefined
  /** The CPU that the process had used since its last sign of life when `detectStall` was last called. */
  getUsedCpuMs(): number
}

export interface HeartbeatOptions {
  /** CPU that it may use without a sign of life. */
  readonly maxCpuMs: () => number
  /** How long it may use no CPU while an answer is due. */
  readonly maxIdleMs: number
  /** CPU that the process has used since its start. */
  readonly cpuMs: () => number
  /** Whether its main thread sleeps. */
  readonly isBlocked: () => boolean
}

interface Sample {
  readonly atMs: number
  readonly cpuMs: number
}

/** Resolution of the kernel's CPU times: one tick may belong to the interval before. */
const tickMs = 10

export function createHeartbeat({ maxCpuMs, maxIdleMs, cpuMs, isBlocked }: HeartbeatOptions): Heartbeat {
  let pingedAtMs: number | undefined
  let lastSign: Sample = { atMs: 0, cpuMs: 0 }
  let lastSample = lastSign
  let usedCpuMs = 0
  let hasProgress = false

  return {
    getWaitMs: (nowMs) => (pingedAtMs === undefined ? undefined : nowMs - pingedAtMs),
    ping(nowMs) {
      pingedAtMs = nowMs
      lastSign = lastSample = { atMs: nowMs, cpuMs: cpuMs() }
      usedCpuMs = 0
      hasProgress = false
    },
    onPong() {
      pingedAtMs = undefined
      usedCpuMs = 0
    },
    onProgress() {
      hasProgress = true
    },
    detectStall(nowMs) {
      if (pingedAtMs === undefined || pingedAtMs === nowMs) return undefined
      const previous = lastSample
      const sample = { atMs: nowMs, cpuMs: cpuMs() }
      if (hasProgress) lastSign = lastSample = sample
      hasProgress = false
      usedCpuMs = sample.cpuMs - lastSign.cpuMs
      if (usedCpuMs > maxCpuMs()) return 'frozen'
      if (nowMs - lastSample.atMs <= maxIdleMs) return undefined
      lastSample = sample
      if (sample.cpuMs - previous.cpuMs > tickMs) return undefined
      return isBlocked() ? 'blocked' : 'stopped'
    },
    getUsedCpuMs: () => usedCpuMs,
  }
}
