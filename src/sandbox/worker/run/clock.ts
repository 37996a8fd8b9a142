/** The time of a worker, in ms since an arbitrary origin. */
export interface WorkerClock {
  nowMs(): number
  /** An entry into an isolate begins; returns the time. */
  startEntry(): number
  /** The thread's CPU time between two moments of one entry. */
  measureCpuMs(fromMs: number, toMs: number): number
}

/**
 * An entry that begins reads the CPU clock if the last reading is older than this. Reading is a system call, and is expensive
 * compared to a rule.
 */
const checkpointIntervalMs = 5
/** The CPU clock is read if wall time is this long: other processes may have had the CPU. Otherwise wall time counts. */
const preemptionThresholdMs = 5

export function createWorkerClock(
  nowMs: () => number = () => performance.now(),
  readCpuMs: () => number = readThreadCpuMs,
): WorkerClock {
  let checkpointMs = Number.NEGATIVE_INFINITY
  let cpuAtCheckpointMs = 0

  /** Returns the CPU time since the last checkpoint. */
  function takeCheckpoint(atMs: number): number {
    const usedMs = readCpuMs() - cpuAtCheckpointMs
    checkpointMs = atMs
    cpuAtCheckpointMs += usedMs
    return usedMs
  }

  return {
    nowMs,
    startEntry() {
      const atMs = nowMs()
      if (atMs - checkpointMs > checkpointIntervalMs) takeCheckpoint(atMs)
      return atMs
    },
    measureCpuMs(fromMs, toMs) {
      const wallMs = toMs - fromMs
      if (wallMs < preemptionThresholdMs) return wallMs
      // An entry has the thread to itself: its wall time is its CPU time, unless other processes had the CPU.
      return Math.min(wallMs, takeCheckpoint(toMs))
    },
  }
}

function readThreadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
