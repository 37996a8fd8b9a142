import type { GuestFailure } from './guest-failure.ts'
import type { Suspension } from '../../wire/resume-point.ts'

/** The text of a rule, made into a function afresh for every login, so that nothing it closes over outlives the login. */
export type RuleFactory = (
  configuration: object,
  auth0: object,
  global: object,
  ...more: readonly [require: unknown, ...names: unknown[]]
) => unknown

/** What a rule finds in its scope besides the globals. */
export interface RuleScope {
  readonly configuration: object
  readonly auth0: object
  readonly global: object
  readonly require: unknown
  /** What a test puts into the rule's scope besides. */
  readonly names?: Readonly<Record<string, unknown>>
}

/** One rule or action at work. The first end counts; whatever it does after that changes nothing. */
export interface RuleRun {
  readonly index: number
  hasEnded: boolean
  /** The rule's own call has not returned yet. */
  isRunning: boolean
  failure: GuestFailure | undefined
  /** What the user is to do before the next action runs. */
  suspendedBy: Suspension['by'] | undefined
  /** What `onError: 'skip'` goes back to. */
  readonly restorePoint: RestorePoint | undefined
}

export interface RestorePoint {
  readonly loginText: string
  readonly savedKeys: SavedKeys
}

/** The metadata that actions want to be saved: its values stand in the user. */
export interface SavedKeys {
  readonly user: readonly string[]
  readonly app: readonly string[]
}

export interface LiveLogin {
  user: unknown
  context: unknown
}

/** Ends a turn, once; without a failure it went well. */
export type EndRuleRun = (ruleRun: RuleRun, failure: GuestFailure | undefined) => void
