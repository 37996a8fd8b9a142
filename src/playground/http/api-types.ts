import type { LogLine, OutboundRequest, Outcome, RuleError, RuleTrace } from '../../engine/outcome/outcome.ts'
import type { User } from '../../profile/user/user.ts'
import type { LoginLog } from '../../store/contract/login-logs.ts'

// The responses of the server to its page. Both sides import these types.

export type Claims = Readonly<Record<string, unknown>>

/** How the page authenticates. */
export type Session =
  | { readonly access: 'open'; readonly token: string }
  | { readonly access: 'token'; readonly audience: string }

/** The store's rules run after the folder's. A rule of the store replaces, in its place, the folder's rule of the same name. */
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

/** The names of recorded logins, newest first. */
export interface RecordingsResponse {
  readonly names: readonly string[]
}

/** What clients get from a login that its rules allow. */
export interface Preview {
  readonly idToken: Claims
  readonly accessToken: Claims
  readonly userinfo: Claims
  readonly tokeninfo: Claims
}

export interface RunResponse {
  /** Its `updates` were answered as by a store, and not saved. */
  readonly outcome: Outcome
  /** Absent if the login gets no tokens. */
  readonly preview?: Preview | undefined
}

/** The shape of a name: a function, a value, or an object with members. */
export type ApiShape = 'function' | 'value' | { readonly [member: string]: ApiShape }

/** The shape of `auth0` in a rule, and of `event` and `api` in an action. */
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
  /** Why no update may set it; absent if one may. */
  readonly reason?: string
  /** Whether an update with `null` unsets it. */
  readonly nullable: boolean
}

/** A user as stored, after the rules, and as /userinfo returns it. */
export interface ProfilesResponse {
  readonly raw: User
  readonly enriched: User
  readonly overlaid: User
  readonly outcome: Outcome['outcome']
  readonly reason?: string | undefined
  readonly fields: readonly ProfileField[]
}

/** A finished login without its profile: what its rules did, logged and requested. */
export interface LoginEvent extends LoginLog {
  readonly outcome?: Outcome['outcome']
  readonly error?: RuleError | undefined
  readonly rules?: readonly (Pick<RuleTrace, 'name' | 'status' | 'durationMs'> & {
    readonly logs: readonly LogLine[]
    readonly requests: readonly OutboundRequest[]
  })[]
  /** How many logins before it were dropped because the page read too slowly. */
  readonly missed: number
}
