import { inspect } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { assertKnownNames } from '../../errors/known-names.ts'
import { type LimitRange, type SandboxLimits, defaultLimits, limitRanges } from '../../sandbox/wire/limits.ts'

/**
 * Limits of a login's rules and of their source. Each has a default (docs/limits-and-errors.md).
 *
 * @example
 * createEngine({ rules, limits: { cpuPerRuleMs: 50, workers: 4 } })
 */
export interface EngineLimits extends SandboxLimits {
  /** Text of one rule. */
  readonly maxSourceBytes: number
}

/** The default of each limit. */
export const defaultEngineLimits: EngineLimits = { ...defaultLimits, maxSourceBytes: 100_000 }

/** The minimum and maximum of each limit. */
export const engineLimitRanges: Readonly<Record<keyof EngineLimits, LimitRange>> = {
  ...limitRanges,
  maxSourceBytes: [1, 1_000_000],
}

/** A day. Longer timers of Node.js overflow after 24.8 days. */
const unlimitedMs = 86_400_000

/**
 * Resolves every limit, given or default. With a debugger, time is unlimited and memory is four times as much.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if a limit is out of its range, or its name is unknown
 */
export function resolveLimits(options: Partial<EngineLimits> = {}, isInspected = false): EngineLimits {
  const limits = { ...defaultEngineLimits, ...validateLimits(options) }
  if (!isInspected) return limits
  return {
    ...limits,
    cpuPerRuleMs: unlimitedMs,
    cpuPerLoginMs: unlimitedMs,
    wallPerRuleMs: unlimitedMs,
    wallPerLoginMs: unlimitedMs,
    isolateHeapMb: 4 * limits.isolateHeapMb,
    workerRssMb: 4 * limits.workerRssMb,
    workers: 1,
  }
}

function validateLimits(options: unknown): Partial<EngineLimits> {
  assertKnownNames(options, 'limits', Object.keys(engineLimitRanges), 'limit')
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [name, value] of entries) assertInRange(name, value, engineLimitRanges[name as keyof EngineLimits])
  return Object.fromEntries(entries)
}

function assertInRange(limit: string, value: unknown, [least, most]: LimitRange): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return
  const message = `limits.${limit} is ${inspect(value)}; a whole number from ${least} to ${most} belongs there`
  throw new ClaimsmithError('INVALID_ARGUMENT', message, { details: { limit, least, most } })
}
