import type { GuestResult } from '../../wire/guest-contract.ts'
import { NativeError } from '../../wire/primordials.ts'
import type { ResumePoint, Suspension } from '../../wire/resume-point.ts'
import type { GuestFailure } from './guest-failure.ts'
import type { RestorePoint, RuleScope } from './rule-scope.ts'

/** What a login brings to its rules, besides user and context. */
export interface DriverInput {
  readonly scope: RuleScope
  readonly resumePoint: ResumePoint | undefined
  /** The members of `global` when the login started, encoded; undefined unless the login is recorded. */
  readonly shared: GuestResult['shared']
}

/**
 * What a driver does:
 *
 * - `idle`: no login runs. `start` leads to `calling`.
 * - `calling`: the rule's own call has not returned. It leads to `waiting` or `ended`.
 * - `waiting`: the call returned; a timer, a request or a promise may still end the rule. It leads to `ended`.
 * - `ended`: the rule called back, threw or was abandoned. The next rule (`calling`) or the login's end (`idle`) follows.
 */
export type DriverState = IdleState | RuleRun

export interface IdleState {
  readonly state: 'idle'
}

/** One rule or action, from its call to its end. The first end counts; what the rule does later changes nothing. */
export type RuleRun = CallingRun | WaitingRun | EndedRun

interface RunFields {
  readonly index: number
  readonly input: DriverInput
  /** What the user does before the next action runs. */
  suspendedBy: Suspension['by'] | undefined
  /** What `onError: 'skip'` goes back to. */
  readonly restorePoint: RestorePoint | undefined
}

export interface CallingRun extends RunFields {
  readonly state: 'calling'
}

export interface WaitingRun extends RunFields {
  readonly state: 'waiting'
}

export interface EndedRun extends RunFields {
  readonly state: 'ended'
  /** Undefined if the rule succeeded. */
  readonly failure: GuestFailure | undefined
}

/** Ends a rule, unless it has ended; without a failure it succeeded. */
export type EndRuleRun = (run: RuleRun, failure: GuestFailure | undefined) => void

interface MutableRun extends RunFields {
  state: RuleRun['state']
  failure: GuestFailure | undefined
}

export const idleState: IdleState = { state: 'idle' }

export function createRuleRun(index: number, input: DriverInput, restorePoint: RestorePoint | undefined): CallingRun {
  const run: MutableRun = { state: 'calling', index, input, failure: undefined, suspendedBy: undefined, restorePoint }
  return run as CallingRun
}

// A transition changes the run in place: this is the hot path of a login, and it allocates one object per rule. So the
// type of an older reference may name an earlier state, and each transition checks the state as well.

export function toWaiting(run: CallingRun): WaitingRun {
  if (run.state !== 'calling') throw createStateError(run, 'wait')
  const changed = run as RunFields as MutableRun
  changed.state = 'waiting'
  return changed as WaitingRun
}

export function toEnded(run: CallingRun | WaitingRun, failure: GuestFailure | undefined): EndedRun {
  if (run.state !== 'calling' && run.state !== 'waiting') throw createStateError(run, 'end')
  const changed = run as RunFields as MutableRun
  changed.state = 'ended'
  changed.failure = failure
  return changed as EndedRun
}

export function requireIdle(current: DriverState): void {
  if (current.state !== 'idle') throw createStateError(current, 'start')
}

export function hasEnded(run: RuleRun): boolean {
  return run.state === 'ended'
}

function createStateError({ state }: DriverState, transition: string): Error {
  return new NativeError(`a driver that is ${state} cannot ${transition}`)
}
