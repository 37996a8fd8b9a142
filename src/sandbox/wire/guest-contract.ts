import type { RuleErrorCode } from '../../errors/codes.ts'
import type { Change } from '../../profile/schema/changes.ts'
import type { ClockReadings, RealmOverrides } from './run-overrides.ts'
import type { ResumePoint, MetadataBatch, Suspension } from './resume-point.ts'

/**
 * The only door to the outside: one function of the host's, plain strings and numbers both ways.
 * Rules never hold it; what they hold are functions of the guest's that check their arguments and call it.
 */
export type Host = (call: HostCall, a: string | number, b: string | number, c?: string) => string | number | undefined

/**
 * `report`: the running rule ended (0, its report). `finish`: the login ended (user and context or the marks of
 * what changes tell, the result or nothing where it is the usual one, the last rule's report where there is one).
 * `log`: a line (level, text). `op`: begins work whose answer comes back through `settle` (name, input), returns its
 * number. `cancel`: the answer of an op is no longer wanted (its number). `ask`: an answer at once (name, input).
 */
export type HostCall = 'report' | 'finish' | 'log' | 'op' | 'cancel' | 'ask'

/** What the worker gives a realm when it makes one. */
export interface RealmOptions {
  readonly configuration: Readonly<Record<string, string>>
  readonly rules: readonly RealmRule[]
  readonly trigger: 'post-login' | 'credentials-exchange'
  readonly limits: GuestLimits
  readonly modules: ModuleOptions
}

export interface RealmRule {
  readonly name: string
  readonly kind: 'rule' | 'action'
  /** What an action finds in `event.secrets`. */
  readonly secrets: Readonly<Record<string, string>>
  readonly filename: string
  readonly onError: 'deny' | 'skip'
  /** Names that a test puts into the rule's scope. */
  readonly parameters?: readonly string[]
}

export interface ModuleOptions {
  /** What rules require and cannot have, and why. */
  readonly failures: Readonly<Record<string, 'MODULE_NOT_FOUND' | 'MODULE_REFUSED'>>
  /** Of some of these, what is wrong and what to do about it. */
  readonly reasons: Readonly<Record<string, string>>
}

export interface GuestLimits {
  readonly maxDepth: number
  readonly maxOutputBytes: number
  readonly maxLogBytes: number
  readonly maxLogLines: number
  readonly maxResponseBytes: number
}

/** What is unusual about a login: it goes on, or has a time and a chance of its own. */
export interface StartOptions {
  readonly resumePoint?: ResumePoint | undefined
  readonly overrides?: RealmOverrides | undefined
}

/** What a realm offers the worker; each call is one entry into the isolate, with a timeout. */
export interface RealmEntry {
  /**
   * Begins a login; answers `dirty` where an earlier login left something that cannot be removed. `stale` are ops of
   * earlier logins whose answers will never come. `manner` is the JSON of a `Manner`, or empty. Without `facts`, those of
   * the login before hold.
   */
  start(login: string, tenant?: string, startOptions?: string, ...abandonedOps: readonly number[]): 'started' | 'dirty'
  /** Brings the answer of an op. */
  settle(op: number, ok: boolean, body: string): void
  /** Ends the rule that is running, as if it had failed by itself. */
  abandon(code: RuleErrorCode, message: string): void
}

/** What a rule did, as it crosses the border; the worker adds what it measured. */
export interface GuestRuleReport {
  readonly status: 'ok' | 'deny' | 'error' | 'skipped'
  readonly changes: readonly Change[]
  readonly error?: { readonly code: RuleErrorCode; readonly message: string }
}

/** How a login's rules ended, as it crosses the border; user and context cross beside it, as `encode` wrote them. */
export interface GuestResult {
  /** User and context do not cross: who sent them makes the rules' changes himself, and the marks of the end cross. */
  readonly isDelta?: boolean
  readonly status: 'ok' | 'deny' | 'error'
  readonly reason?: string
  readonly reasonCode?: string
  readonly suspended?: Suspension
  readonly metadata?: MetadataBatch
  /** What the login's clock showed, where that was asked for. */
  readonly readings?: ClockReadings
  readonly shared?: Readonly<Record<string, string>>
  readonly error?: { readonly code: RuleErrorCode; readonly message: string }
}
