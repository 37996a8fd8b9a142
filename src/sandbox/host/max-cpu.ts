import type { SandboxLimits } from '../wire/limits.ts'
import { initialTimeoutFactor } from '../wire/timeout-factor.ts'

/**
 * Returns the CPU that a worker may use between two signs of life while it runs rules: all that an entry may take, and some
 * more. `isCold`: it may have to start the modules of a ruleset first.
 */
export function toMaxCpuMs(
  { cpuPerRuleMs, cpuPerLoginMs, killAfterMs }: SandboxLimits,
  ruleCount: number,
  isCold: boolean,
): number {
  if (isCold) return initialTimeoutFactor * cpuPerLoginMs + killAfterMs
  const entryMs = initialTimeoutFactor * Math.min(cpuPerLoginMs, cpuPerRuleMs * ruleCount)
  return Math.max(entryMs + killAfterMs, minCpuMs)
}

/** Covers the collection of garbage and the start of another realm. */
const minCpuMs = 600
