import { type SandboxLimits, defaultLimits } from '../sandbox/limits.ts'

/** Limits of a login's rules and of their text; each has a default (README, "Limits"). */
export interface EngineLimits extends SandboxLimits {
  readonly maxSourceBytes: number
}

/** As long as a timer can take. */
const endlessMs = 86_400_000

/** A person at a debugger takes his time, and the debugger its memory. */
export function limitsOf(given: Partial<EngineLimits> | undefined, isInspected: boolean): EngineLimits {
  const limits = { ...defaultLimits, maxSourceBytes: 100_000, ...given }
  if (!isInspected) return limits
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
