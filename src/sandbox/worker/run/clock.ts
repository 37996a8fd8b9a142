/** The time of a worker, in ms since an arbitrary origin. */
export interface WorkerClock {
  nowMs(): number
  /** An entry into an isolate begins; returns the time. */
  startEntry(): number
  /** The thread's CPU time between two moments of one entry. */
  measureCpuMs(fromMs: number, toMs: number): number
}

/** The CPU clock is read this often, and otherwise only on suspicion: reading is a system call, expensive beside a rule. */
const checkpointIntervalMs = 5
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
