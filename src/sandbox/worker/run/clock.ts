/** Time as a worker's books read it, in ms from an origin of its own. */
export interface WorkerClock {
  nowMs(): number
  /** An entry into an isolate begins; answers when. */
  startEntry(): number
  /** How much CPU the thread used between two moments of one entry. */
  measureCpuMs(fromMs: number, toMs: number): number
}

/** Reading the CPU clock is a system call, dear beside a rule, so it is read this often, and otherwise only on suspicion. */
const checkpointIntervalMs = 5
const preemptionThresholdMs = 5

export function createWorkerClock(
  nowMs: () => number = () => performance.now(),
  readCpuMs: () => number = readThreadCpuMs,
): WorkerClock {
  let checkpointMs = Number.NEGATIVE_INFINITY
  let cpuAtCheckpointMs = 0

  /** Answers the CPU used since the last one. */
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
      // An entry has the thread to itself: its wall time is its CPU time, unless the machine gave the CPU to somebody else.
      return Math.min(wallMs, takeCheckpoint(toMs))
    },
  }
}

function readThreadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
