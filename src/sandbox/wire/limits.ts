/** Limits of a login's rules. Exceeding one is a typed outcome, never an exception. */
export interface SandboxLimits {
  /** CPU time of one rule. */
  readonly cpuPerRuleMs: number
  /** CPU time of all rules of a login. */
  readonly cpuPerLoginMs: number
  /** Elapsed time of one rule. */
  readonly wallPerRuleMs: number
  /** Elapsed time of all rules of a login. */
  readonly wallPerLoginMs: number
  /** How long past a deadline a worker may live before it is killed. */
  readonly killAfterMs: number
  /** JavaScript heap of one ruleset in one worker. */
  readonly isolateHeapMb: number
  /** Memory of a worker process (resident set size). */
  readonly workerRssMb: number
  /** Size of `user` and `context` together, as rules leave them. */
  readonly maxOutputBytes: number
  /** Depth of `user` and `context`. */
  readonly maxDepth: number
  /** What the rules of a login may log, in bytes. */
  readonly maxLogBytes: number
  /** What the rules of a login may log, in lines. */
  readonly maxLogLines: number
  /** Requests, connections and name server queries of a login. */
  readonly maxRequests: number
  /** Requests, connections and name server queries of a login at the same time. */
  readonly maxConcurrentRequests: number
  /** Time of one request, or until a connection is established. */
  readonly requestTimeoutMs: number
  /** Redirects that one request follows. */
  readonly maxRedirects: number
  /** One response, decoded; one connection in each direction. */
  readonly maxResponseBytes: number
  /** All responses of a login, decoded. */
  readonly maxResponseBytesPerLogin: number
  /** Timers at the same time. */
  readonly maxTimers: number
  /** Requests, metadata updates and calls of host modules that a login waits for at the same time. */
  readonly maxPendingCalls: number
  /** Logins of one ruleset that one worker runs at the same time; more wait. */
  readonly maxRealms: number
  /** Rulesets that a worker keeps loaded; the least recently used one is evicted first. */
  readonly maxIsolates: number
  /** Worker processes. */
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

/** Minimum and maximum of a limit. The limit is an integer, as both are. */
export type LimitRange = readonly [least: number, most: number]

/** At most one day. The sum of several such durations is still a valid delay of a timer. */
const ms: LimitRange = [1, 86_400_000]
/** Near the maximum length of a JavaScript string. */
const bytes: LimitRange = [0, 500_000_000]
const count: LimitRange = [0, 1_000_000]
/** If it were 0, every run would wait forever. */
const atLeastOne: LimitRange = [1, 10_000]

export const limitRanges: Readonly<Record<keyof SandboxLimits, LimitRange>> = {
  cpuPerRuleMs: ms,
  cpuPerLoginMs: ms,
  wallPerRuleMs: ms,
  wallPerLoginMs: ms,
  killAfterMs: ms,
  // The smallest heap that V8 supports.
  isolateHeapMb: [8, 65_536],
  workerRssMb: [1, 1_048_576],
  maxOutputBytes: bytes,
  // Encoding a deeper value may overflow the stack.
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
