/** Time as a worker's books read it, in ms from an origin of its own. */
export interface WorkerClock {
  nowMs(): number
  /** An entry into an isolate begins; answers when. */
  enter(): number
  /** How much CPU the thread used between two moments of one entry. */
  usedMs(fromMs: number, toMs: number): number
}

/** Reading the CPU clock is a system call, dear beside a rule, so it is read this often, and otherwise only on suspicion. */
const checkpointEveryMs = 5
const suspiciousMs = 5

export function createWorkerClock(
  nowMs: () => number = () => performance.now(),
  cpuMs: () => number = cpuOfThreadMs,
): WorkerClock {
  let checkpointMs = Number.NEGATIVE_INFINITY
  let cpuAtCheckpointMs = 0

  /** Answers the CPU used since the last one. */
  function checkpoint(atMs: number): number {
    const usedMs = cpuMs() - cpuAtCheckpointMs
    checkpointMs = atMs
    cpuAtCheckpointMs += usedMs
    return usedMs
  }

  return {
    nowMs,
    enter() {
      const atMs = nowMs()
      if (atMs - checkpointMs > checkpointEveryMs) checkpoint(atMs)
      return atMs
    },
    usedMs(fromMs, toMs) {
      const wallMs = toMs - fromMs
      if (wallMs < suspiciousMs) return wallMs
      // An entry has the thread to itself: its wall time is its CPU time, unless the machine gave the CPU to somebody else.
      return Math.min(wallMs, checkpoint(toMs))
    },
  }
}

function cpuOfThreadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
