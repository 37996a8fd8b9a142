import type { SandboxLimits } from '../wire/limits.ts'
import type { AssignedRuns } from './assigned-runs.ts'
import { type Heartbeat, type Stall, createHeartbeat } from './heartbeat.ts'
import { isProcessBlocked, readCpuTimeMs, readResidentMemoryMb } from './resources.ts'
import type { WorkerProcess } from './worker-process.ts'
import type { ExitReason } from './worker-state.ts'

/** What the checks of one worker look at. */
export interface HealthOptions {
  readonly process: WorkerProcess
  readonly runs: AssignedRuns
  readonly limits: SandboxLimits
}

/** Limit of a start, both for CPU used and for time without CPU. */
const maxStartMs = 10_000

/** If the memory is full, the thread that allocates may sleep forever. So `blocked` counts as a crash. */
const exitReasonByStall = {
  frozen: 'frozen',
  blocked: 'crash',
  stopped: 'external',
} as const satisfies Record<Stall, ExitReason>

export function createStartHeartbeat(pid: number | undefined): Heartbeat {
  return createProcessHeartbeat(pid, () => maxStartMs, maxStartMs)
}

export function createReadyHeartbeat({ process, runs, limits }: HealthOptions): Heartbeat {
  const { cpuPerLoginMs, killAfterMs } = limits
  return createProcessHeartbeat(process.pid, () => runs.getMaxCpuMs(), cpuPerLoginMs + killAfterMs)
}

function createProcessHeartbeat(pid: number | undefined, maxCpuMs: () => number, maxIdleMs: number): Heartbeat {
  return createHeartbeat({
    maxCpuMs,
    maxIdleMs,
    cpuMs: () => readCpuTimeMs(pid),
    isBlocked: () => isProcessBlocked(pid),
  })
}

/** Checks the start of a worker. Returns why it must be killed; undefined if it must not. */
export function checkStart(heartbeat: Heartbeat, atMs: number): ExitReason | undefined {
  const stall = heartbeat.detectStall(atMs)
  // No rule has run yet. If the worker sleeps, no rule is the cause.
  if (stall === undefined) return undefined
  return stall === 'frozen' ? 'deadline' : 'external'
}

/** Checks deadlines, heartbeat and memory of a worker that runs rules. Returns why it must be killed; undefined if it must not. */
export async function checkReady(
  heartbeat: Heartbeat,
  { process, runs, limits }: HealthOptions,
  atMs: number,
): Promise<ExitReason | undefined> {
  const stall = heartbeat.detectStall(atMs)
  // A builtin that computes past the deadline is the cause of it. A worker that got no CPU is not.
  if (runs.hasOverdue(atMs)) return heartbeat.getUsedCpuMs() > limits.cpuPerLoginMs ? 'frozen' : 'deadline'
  if (stall !== undefined) return exitReasonByStall[stall]
  if (heartbeat.getWaitMs(atMs) === undefined) {
    heartbeat.ping(atMs)
    process.send({ type: 'ping' })
  }
  const usedMb = process.pid === undefined ? undefined : await readResidentMemoryMb(process.pid)
  return usedMb !== undefined && usedMb > limits.workerRssMb ? 'memory' : undefined
}
