import type { RuleErrorCode } from '../../errors/codes.ts'
import type { Change } from '../../profile/schema/changes.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { Metadata, User } from '../../profile/user/user.ts'

export type OutcomeKind = 'allow' | 'deny' | 'redirect' | 'challenge' | 'error'

export interface RuleError {
  readonly code: RuleErrorCode
  readonly message: string
  /** The name of the rule that failed; absent where no single rule is to blame. */
  readonly rule?: string
}

export interface LogLine {
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error'
  readonly message: string
}

export interface OutboundRequest {
  readonly method: string
  readonly url: string
  /** Absent where no answer came: refused, failed, or still under way when the login ended. */
  readonly status?: number
  readonly durationMs: number
  /** Why there was no answer. */
  readonly error?: string
}

/** What one rule or action did. One that never began has no entry. */
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

/** The result of one login's rules: always a value, also when a rule hangs, throws or exhausts its memory. */
export interface Outcome {
  readonly outcome: OutcomeKind
  /** With `deny` and `error`: a sentence. */
  readonly reason?: string
  /** With `deny`: the code that an action gave. */
  readonly reasonCode?: string
  readonly error?: RuleError
  readonly redirect?: { readonly url: string }
  /** With `redirect`, and where an action asked for a challenge: what `engine.resume` takes the login up again with. */
  readonly state?: string
  readonly multifactor?: Readonly<Record<string, unknown>>
  /** After the last rule. With `error`, as it was before the rules. */
  readonly user: User
  readonly context: LoginContext
  /** What the rules put on `context.idToken` and `context.accessToken`, reserved claims left out. */
  readonly claims: {
    readonly idToken: Readonly<Record<string, unknown>>
    readonly accessToken: Readonly<Record<string, unknown>>
  }
  /** What was saved through `auth0.users` and `api.user`, in order; absent where nothing was. */
  readonly updates?: readonly UserUpdate[]
  readonly rules: readonly RuleTrace[]
}
