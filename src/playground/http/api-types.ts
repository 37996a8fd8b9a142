import type { LogLine, OutboundRequest, Outcome, RuleError, RuleTrace } from '../../engine/outcome/outcome.ts'
import type { User } from '../../profile/user/user.ts'
import type { LoginLog } from '../../store/contract/login-logs.ts'

/** What the server tells its page: types alone, which both sides read. */

export type Claims = Readonly<Record<string, unknown>>

/** How the page gets to its data. */
export type Session =
  | { readonly access: 'open'; readonly token: string }
  | { readonly access: 'token'; readonly audience: string }

/** The store's rules run after the folder's, except those that take the place of one of the same name. */
export type RuleLocation = 'folder' | 'store'

export interface RuleResponse {
  readonly name: string
  readonly script: string
  readonly file: string
  readonly enabled: boolean
  readonly place: RuleLocation
}

export interface RulesResponse {
  /** In the order in which they run. */
  readonly rules: readonly RuleResponse[]
  readonly configurationKeys: readonly string[]
  readonly savesTo: RuleLocation
}

/** The names of recorded logins, the newest first. */
export interface RecordingsResponse {
  readonly names: readonly string[]
}

/** What clients would get of a login that its rules let pass. */
export interface Preview {
  readonly idToken: Claims
  readonly accessToken: Claims
  readonly userinfo: Claims
  readonly tokeninfo: Claims
}

export interface RunResponse {
  /** Its `updates` were answered as a store would, and saved nowhere. */
  readonly outcome: Outcome
  /** Absent where the login gets no tokens. */
  readonly preview?: Preview | undefined
}

/** What a name offers: a function, a value, or members. */
export type ApiShape = 'function' | 'value' | { readonly [member: string]: ApiShape }

/** What a rule finds in `auth0`, and an action in `event` and `api`. */
export interface ApiShapes {
  readonly auth0: ApiShape
  readonly event: ApiShape
  readonly api: ApiShape
}

/** One attribute of a user, and whether an update may set it. */
export interface ProfileField {
  readonly name: string
  readonly description: string
  /** The JSON Schema of a value. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Why it may not be altered; absent where it may. */
  readonly reason?: string
  /** Whether an update with `null` unsets it. */
  readonly nullable: boolean
}

/** A user as the store has them, after the rules, and as /userinfo would show them. */
export interface ProfilesResponse {
  readonly raw: User
  readonly enriched: User
  readonly overlaid: User
  readonly outcome: Outcome['outcome']
  readonly reason?: string | undefined
  readonly fields: readonly ProfileField[]
}

/** A login that has ended, without the profile: what its rules did, said and asked for. */
export interface LoginEvent extends LoginLog {
  readonly outcome?: Outcome['outcome']
  readonly error?: RuleError | undefined
  readonly rules?: readonly (Pick<RuleTrace, 'name' | 'status' | 'durationMs'> & {
    readonly logs: readonly LogLine[]
    readonly requests: readonly OutboundRequest[]
  })[]
  /** How many were left out before it, because the page was too slow. */
  readonly missed: number
}
