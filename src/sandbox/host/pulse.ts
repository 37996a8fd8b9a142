/** Why a worker does not answer: it is at work without end, it waits for what never comes, or it gets no CPU. */
export type Silence = 'frozen' | 'asleep' | 'stopped'

/**
 * Watches for the answer of another process. On a busy machine a process is silent for long and has done nothing wrong, so
 * what counts is the CPU that it uses meanwhile.
 */
export interface Pulse {
  /** How long an answer has been awaited; undefined where none is. */
  awaitedMs(nowMs: number): number | undefined
  ask(nowMs: number): void
  /** A sign of life has come. */
  heard(): void
  /** What is wrong with the process; undefined where it has only to be waited for. */
  judge(nowMs: number): Silence | undefined
}

export interface PulseOptions {
  /** The CPU that it may use without an answer. */
  readonly busyMs: number
  /** How long it may use no CPU at all. */
  readonly stillMs: number
  /** The CPU that the process has used so far. */
  readonly cpuMs: () => number
  /** Whether it waits of its own accord. */
  readonly asleep: () => boolean
}

/** The kernel counts a process's CPU in ticks; one of them may have begun before. */
const tickMs = 10

export function createPulse({ busyMs, stillMs, cpuMs, asleep }: PulseOptions): Pulse {
  let asked: { readonly atMs: number; readonly cpuMs: number } | undefined
  let looked = { atMs: 0, cpuMs: 0 }

  return {
    awaitedMs: (nowMs) => asked && nowMs - asked.atMs,
    ask(nowMs) {
      asked = looked = { atMs: nowMs, cpuMs: cpuMs() }
    },
    heard() {
      asked = undefined
    },
    judge(nowMs) {
      if (asked === undefined || nowMs - looked.atMs <= stillMs) return undefined
      const before = looked
      looked = { atMs: nowMs, cpuMs: cpuMs() }
      if (looked.cpuMs - asked.cpuMs > busyMs) return 'frozen'
      if (looked.cpuMs - before.cpuMs > tickMs) return undefined
      return asleep() ? 'asleep' : 'stopped'
    },
  }
}
