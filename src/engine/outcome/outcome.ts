import type { RuleErrorCode } from '../../errors/codes.ts'
import type { Change } from '../../profile/schema/changes.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { Metadata, User } from '../../profile/user/user.ts'

/**
 * The five ways in which a login ends.
 *
 * @example
 * const status: Record<OutcomeKind, number> = { allow: 200, deny: 403, redirect: 302, challenge: 401, error: 500 }
 */
export type OutcomeKind = Outcome['outcome']

/**
 * Why a rule, or a login, failed.
 *
 * @example
 * if (outcome.outcome === 'error') logger.error(outcome.error.code, outcome.error.rule)
 */
export interface RuleError {
  readonly code: RuleErrorCode
  readonly message: string
  /** The name of the rule that failed; absent if no single rule failed. */
  readonly rule?: string
}

/**
 * One line that a rule wrote with `console`.
 *
 * @example
 * for (const { level, message } of outcome.rules[0]?.logs ?? []) logger[level](message)
 */
export interface LogLine {
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error'
  readonly message: string
}

/**
 * One request of a rule.
 *
 * @example
 * const slow = outcome.rules.flatMap(({ requests }) => requests).filter(({ durationMs }) => durationMs > 1_000)
 */
export interface OutboundRequest {
  readonly method: string
  readonly url: string
  /** Absent if there was no answer: the request was refused, failed, or was still under way when the login ended. */
  readonly status?: number
  readonly durationMs: number
  /** Why there was no answer. */
  readonly error?: string
}

/**
 * What one rule or action did. One that never began has no entry.
 *
 * @example
 * for (const { name, status, cpuMs } of outcome.rules) logger.info(name, status, cpuMs)
 */
export interface RuleTrace {
  readonly name: string
  /** `skipped`: it failed, and says `onError: 'skip'`; what it had changed was undone. */
  readonly status: 'ok' | 'deny' | 'error' | 'skipped'
  readonly durationMs: number
  readonly cpuMs: number
  /** RFC 6902 operations over `{ user, context }`; dates appear as ISO strings. */
  readonly changes: readonly Change[]
  readonly logs: readonly LogLine[]
  readonly requests: readonly OutboundRequest[]
  readonly error?: RuleError
}

/** Metadata that a rule or an action had saved. */
export interface UserUpdate {
  readonly of: 'user_metadata' | 'app_metadata'
  readonly userId: string
  /** What was to be merged at the first level; `null` deletes a key. */
  readonly data: Metadata
  /** Why it was not saved. */
  readonly error?: string
}

interface RulesResult {
  /** After the last rule. With `error`, as it was before the rules. */
  readonly user: User
  readonly context: LoginContext
  /** What the rules put on `context.idToken` and `context.accessToken`, without reserved claims. */
  readonly claims: {
    readonly idToken: Readonly<Record<string, unknown>>
    readonly accessToken: Readonly<Record<string, unknown>>
  }
  /** What was saved through `auth0.users` and `api.user`, in order. Absent if nothing was. */
  readonly updates?: readonly UserUpdate[]
  readonly rules: readonly RuleTrace[]
  /** What a rule set on `context.redirect`, if it is followed. */
  readonly redirect?: { readonly url: string }
  /**
   * What `engine.resume` continues the login with: with `redirect`, and with `challenge` if an action asked for it. Absent if
   * the user cannot come back.
   */
  readonly state?: string
  /** What the rules set on `context.multifactor`. */
  readonly multifactor?: Readonly<Record<string, unknown>>
}

export interface AllowOutcome extends RulesResult {
  readonly outcome: 'allow'
  readonly reason?: undefined
  readonly reasonCode?: undefined
  readonly error?: undefined
}

export interface DenyOutcome extends RulesResult {
  readonly outcome: 'deny'
  /** A sentence. */
  readonly reason: string
  /** The code that an action gave. */
  readonly reasonCode?: string
  readonly error?: undefined
}

/** The user is to be sent elsewhere. */
export interface RedirectOutcome extends RulesResult {
  readonly outcome: 'redirect'
  readonly redirect: { readonly url: string }
  readonly reason?: undefined
  readonly reasonCode?: undefined
  readonly error?: undefined
}

/** The user is to pass multi-factor authentication. */
export interface ChallengeOutcome extends RulesResult {
  readonly outcome: 'challenge'
  readonly multifactor: Readonly<Record<string, unknown>>
  readonly reason?: undefined
  readonly reasonCode?: undefined
  readonly error?: undefined
}

export interface ErrorOutcome extends RulesResult {
  readonly outcome: 'error'
  /** The message of `error`. */
  readonly reason: string
  readonly error: RuleError
  readonly reasonCode?: undefined
}

/**
 * The result of one login's rules, discriminated by `outcome`. It is always a value, also if a rule hangs, throws or
 * exhausts its memory.
 *
 * @example
 * const outcome = await engine.run({ user, context })
 * if (outcome.outcome === 'redirect') response.redirect(outcome.redirect.url)
 * if (outcome.outcome === 'deny') response.status(403).send(outcome.reason)
 */
export type Outcome = AllowOutcome | DenyOutcome | RedirectOutcome | ChallengeOutcome | ErrorOutcome
