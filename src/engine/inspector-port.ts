import type { SandboxLimits } from '../sandbox/limits.ts'

/** Stands between a debugger and the rules; messages are those of the Chrome DevTools Protocol. */
export interface InspectorPort {
  /** Called once; `send` takes what the debugger says, and undefined when it has gone. */
  connect(send: (message: string | undefined) => void): void
  /** Gets what the rules' inspector says. */
  readonly onMessage: (message: string) => void
}

/** As long as a timer can take. */
const endlessMs = 86_400_000

/** A person at a debugger takes his time, and the debugger its memory. */
export function inspectedLimits<Limits extends SandboxLimits>(limits: Limits): Limits {
  return {
    ...limits,
    cpuPerRuleMs: endlessMs,
    cpuPerLoginMs: endlessMs,
    wallPerRuleMs: endlessMs,
    wallPerLoginMs: endlessMs,
    isolateHeapMb: 4 * limits.isolateHeapMb,
    workerRssMb: 4 * limits.workerRssMb,
    workers: 1,
  }
}
