/** What a login's rules may use. A breach is a typed outcome, never an exception. */
export interface SandboxLimits {
  readonly cpuPerRuleMs: number
  readonly cpuPerLoginMs: number
  readonly wallPerRuleMs: number
  readonly wallPerLoginMs: number
  /** How long past its deadline a worker may live. */
  readonly killAfterMs: number
  readonly isolateHeapMb: number
  readonly workerRssMb: number
  readonly maxOutputBytes: number
  readonly maxDepth: number
  readonly maxLogBytes: number
  readonly maxLogLines: number
  readonly maxRequests: number
  readonly maxConcurrentRequests: number
  readonly requestTimeoutMs: number
  readonly maxRedirects: number
  readonly maxResponseBytes: number
  readonly maxResponseBytesPerLogin: number
  readonly maxTimers: number
  readonly maxPendingCalls: number
  /** Logins of one ruleset that may be under way in one worker; more wait. */
  readonly maxRealms: number
  /** Rulesets that a worker keeps ready; the least recently used goes first. */
  readonly maxIsolates: number
  readonly workers: number
}

export const defaultLimits: SandboxLimits = {
  cpuPerRuleMs: 100,
  cpuPerLoginMs: 500,
  wallPerRuleMs: 5_000,
  wallPerLoginMs: 20_000,
  killAfterMs: 250,
  isolateHeapMb: 64,
  workerRssMb: 512,
  maxOutputBytes: 256_000,
  maxDepth: 32,
  maxLogBytes: 64_000,
  maxLogLines: 200,
  maxRequests: 10,
  maxConcurrentRequests: 6,
  requestTimeoutMs: 5_000,
  maxRedirects: 3,
  maxResponseBytes: 1_000_000,
  maxResponseBytesPerLogin: 4_000_000,
  maxTimers: 100,
  maxPendingCalls: 16,
  maxRealms: 16,
  maxIsolates: 16,
  workers: 2,
}

/** The least and the most that a limit may be; both are whole numbers, and so is the limit. */
export type LimitRange = readonly [least: number, most: number]

/** A day: with what is added to it, a timer still takes it. */
const ms: LimitRange = [1, 86_400_000]
/** No text of JavaScript holds more. */
const bytes: LimitRange = [0, 500_000_000]
const count: LimitRange = [0, 1_000_000]
/** Of none, everything would wait for ever. */
const atLeastOne: LimitRange = [1, 10_000]

export const limitRanges: Readonly<Record<keyof SandboxLimits, LimitRange>> = {
  cpuPerRuleMs: ms,
  cpuPerLoginMs: ms,
  wallPerRuleMs: ms,
  wallPerLoginMs: ms,
  killAfterMs: ms,
  // V8 has no smaller heap.
  isolateHeapMb: [8, 65_536],
  workerRssMb: [1, 1_048_576],
  maxOutputBytes: bytes,
  // Whoever writes a deeper value may run out of stack.
  maxDepth: [1, 1_000],
  maxLogBytes: bytes,
  maxLogLines: count,
  maxRequests: count,
  maxConcurrentRequests: atLeastOne,
  requestTimeoutMs: ms,
  maxRedirects: count,
  maxResponseBytes: bytes,
  maxResponseBytesPerLogin: bytes,
  maxTimers: count,
  maxPendingCalls: count,
  maxRealms: atLeastOne,
  maxIsolates: atLeastOne,
  workers: [1, 1_000],
}
