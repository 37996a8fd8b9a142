import type { RuleErrorCode } from '../../errors/codes.ts'
import type { Change } from '../../profile/schema/changes.ts'
import type { ClockReadings, RealmOverrides } from './run-overrides.ts'
import type { ResumePoint, MetadataBatch, Suspension } from './resume-point.ts'

/**
 * The only function of the host that the isolate can call. The host of a guest is the worker. Arguments and results are
 * strings and numbers. Rules never get this function. They get functions of the guest, which check their arguments and call
 * it.
 */
export type Host = (call: HostCall, a: string | number, b: string | number, c?: string) => string | number | undefined

/**
 * Calls of the host, with their arguments:
 *
 * - `report` (0, report): the running rule ended; the 0 has no meaning
 * - `finish` (login, result, report): the login ended. `login` is user and context, or the marks of a delta. An empty
 *   `result` means `{ status: 'ok', isDelta: true }`. `report` is that of the last rule, if it was not sent before
 * - `log` (level, text): a line of the console
 * - `op` (name, input): begins an operation, and returns its number; `settle` brings the answer
 * - `cancel` (number): the answer of an operation is no longer needed
 * - `ask` (name, input): returns the answer at once
 */
export type HostCall = 'report' | 'finish' | 'log' | 'op' | 'cancel' | 'ask'

/** The options of a realm, which it keeps for its lifetime. */
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
  /** An action's `event.secrets`. */
  readonly secrets: Readonly<Record<string, string>>
  readonly filename: string
  readonly onError: 'deny' | 'skip'
  /** Names that a test defines in the rule's scope. */
  readonly parameters?: readonly string[]
}

export interface ModuleOptions {
  /** By specifier, modules that rules require and cannot get. */
  readonly failures: Readonly<Record<string, 'MODULE_NOT_FOUND' | 'MODULE_REFUSED'>>
  /** For some of these, what is wrong and how to fix it. */
  readonly reasons: Readonly<Record<string, string>>
  readonly provided: ProvidedModules
}

/**
 * By specifier or `global NAME`, the modules that are ours, and how long one lives in a realm for many logins: as long as its
 * realm, or one login. All other modules are packages of the user.
 */
export type ProvidedModules = Readonly<Record<string, 'realm' | 'login'>>

export interface GuestLimits {
  readonly maxDepth: number
  readonly maxOutputBytes: number
  readonly maxLogBytes: number
  readonly maxLogLines: number
  readonly maxResponseBytes: number
}

/** Options of one login's start. Most logins have none. */
export interface StartOptions {
  readonly resumePoint?: ResumePoint | undefined
  readonly overrides?: RealmOverrides | undefined
}

/** The functions of a realm that the worker calls. Each call is one entry into the isolate, with a timeout. */
export interface RealmEntry {
  /** Identifies the realm in its isolate. */
  readonly realmId: number
  /**
   * Begins a login. Returns `dirty` if an earlier login left something that cannot be removed.
   *
   * - `tenant`: the JSON of a `TenantInfo`; if absent, that of the previous login stays
   * - `startOptions`: the JSON of a `StartOptions`, or empty
   * - `abandonedOps`: operations of earlier logins that will never be settled
   */
  start(login: string, tenant?: string, startOptions?: string, ...abandonedOps: readonly number[]): 'started' | 'dirty'
  /** Settles an operation with its answer. `loginRealmId`: the realm of the login that waits for it, if it is another one. */
  settle(op: number, ok: boolean, body: string, loginRealmId?: number): void
  /** Ends the running rule with this error. */
  abandon(code: RuleErrorCode, message: string): void
  /**
   * No login will use the realm again. `maxRealms`: how many realms functions and instances on `global` may keep. Returns the
   * JSON of a `RetiredRealms`.
   */
  retire(maxRealms: number): string
}

/** What of `global` still leads to realms whose last login is over. */
export interface RetiredRealms {
  /** The realms that functions and instances on `global` need, this one included. All others are not needed any more. */
  readonly needed: readonly number[]
  /** Members of `global` from which functions or instances were removed, because too many realms were needed. */
  readonly removedMembers: readonly string[]
}

/** A rule's report as the guest writes it. The worker adds its measurements. */
export interface GuestRuleReport {
  readonly status: 'ok' | 'deny' | 'error' | 'skipped'
  readonly changes: readonly Change[]
  readonly error?: { readonly code: RuleErrorCode; readonly message: string }
}

/** The result of a login as the guest writes it. User and context are another argument of `finish`. */
export interface GuestResult {
  /** If true, `finish` got the marks alone: the embedder's process applies the rules' changes to its copy. */
  readonly isDelta?: boolean
  readonly status: 'ok' | 'deny' | 'error'
  readonly reason?: string
  readonly reasonCode?: string
  readonly suspended?: Suspension
  readonly metadata?: MetadataBatch
  /** Readings of the login's clock; present if `isRecorded`. */
  readonly readings?: ClockReadings
  readonly shared?: Readonly<Record<string, string>>
  /** What a rule tried to write to, and what the logins of its realm share. */
  readonly sharedWrite?: string
  readonly error?: { readonly code: RuleErrorCode; readonly message: string }
}
