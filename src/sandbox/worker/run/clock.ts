import { cpus, loadavg } from 'node:os'

/** The time of a worker, in ms since an arbitrary origin. */
export interface WorkerClock {
  nowMs(): number
  /** An entry into an isolate begins; returns the time. */
  startEntry(): number
  /** The thread's CPU time between two moments of one entry. */
  measureCpuMs(fromMs: number, toMs: number): number
  /** How much longer work takes than its CPU, from what was seen lately: from 1, on an idle machine, to 8. */
  getSlowdown(): number
}

/** What the clock reads. */
export interface ClockSources {
  readonly nowMs: () => number
  /** CPU that this thread has used. */
  readonly readCpuMs: () => number
  /** Processes that want a processor, for each processor. */
  readonly readLoad: () => number
}

/**
 * An entry that begins reads the CPU clock if the last reading is older than this. Reading is a system call, and is expensive
 * compared to a rule.
 */
const checkpointIntervalMs = 5
/** The CPU clock is read if wall time is this long: other processes may have had the CPU. Otherwise wall time counts. */
const preemptionThresholdMs = 5
/** A greater slowdown is not believed, because a rule that never ends has the worker for all that time. */
const maxSlowdown = 8
/** Work that took this long replaces what was measured before; shorter work changes it in proportion. */
const fullMeasureMs = 100

export function createWorkerClock(sources: Partial<ClockSources> = {}): WorkerClock {
  const { nowMs = () => performance.now(), readCpuMs = readThreadCpuMs, readLoad = readSystemLoad } = sources
  let checkpointMs = Number.NEGATIVE_INFINITY
  let cpuAtCheckpointMs = 0
  let load = 0
  let measuredSlowdown = 1

  /** Returns the CPU time since the last checkpoint. */
  function takeCheckpoint(atMs: number): number {
    const usedMs = readCpuMs() - cpuAtCheckpointMs
    checkpointMs = atMs
    cpuAtCheckpointMs += usedMs
    return usedMs
  }

  function updateSlowdown(wallMs: number, usedMs: number): void {
    const slowdown = Math.min(maxSlowdown, wallMs / Math.max(usedMs, 1))
    measuredSlowdown += (slowdown - measuredSlowdown) * Math.min(1, wallMs / fullMeasureMs)
  }

  return {
    nowMs,
    startEntry() {
      const atMs = nowMs()
      if (atMs - checkpointMs > checkpointIntervalMs) {
        takeCheckpoint(atMs)
        load = readLoad()
      }
      return atMs
    },
    measureCpuMs(fromMs, toMs) {
      const wallMs = toMs - fromMs
      if (wallMs < preemptionThresholdMs) return wallMs
      // An entry has the thread to itself: its wall time is its CPU time, unless other processes had the CPU.
      const usedMs = Math.min(wallMs, takeCheckpoint(toMs))
      updateSlowdown(wallMs, usedMs)
      return usedMs
    },
    // The load is known before this worker has measured anything. In a container with a quota, only the measure tells.
    getSlowdown: () => Math.min(maxSlowdown, Math.max(1, load, measuredSlowdown)),
  }
}

function readThreadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const processors = cpus().length

/** The average of the last minute; 0 on Windows, which has none. */
function readSystemLoad(): number {
  return (loadavg()[0] ?? 0) / Math.max(1, processors)
}
