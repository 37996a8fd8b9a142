import type { OutboundRun, RuleEgress } from '../../net/worker/outbound-run.ts'
import type { GuestResult } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { Program, RunMessage, WireResult } from '../../wire/protocol.ts'
import type { RequestRecord } from '../../wire/records.ts'
import type { RunInput } from '../../wire/run-input.ts'
import type { RealmOverrides } from '../../wire/run-overrides.ts'
import { type SeededCrypto, createSeededCrypto } from '../crypto/seeded-crypto.ts'
import type { WorkerRealm } from '../isolate/worker-realm.ts'
import type { WorkerClock } from './clock.ts'
import { nameRule } from './name-rule.ts'
import { RuleProgress } from './rule-progress.ts'
import { RunBudget, type RunFailure } from './run-budget.ts'
import { toRealmOverrides } from './to-realm-overrides.ts'

/**
 * The states of a run:
 *
 * - `queued` leads to `entered` or `finished`.
 * - `entered` leads to `waiting`, `finished` or `evicted`, or to `entered` with another realm.
 * - `waiting` leads to `entered`, `finished` or `evicted`, or to `waiting` with another deadline.
 * - `finished` leads to `ended`.
 * - `ended` and `evicted` are final.
 */
export type RunState =
  /** It waits for a realm. */
  | { readonly kind: 'queued' }
  /** It has a realm, and its entry is under way or next in line for the entry lock. */
  | { readonly kind: 'entered'; readonly lease: RealmLease }
  /** Its rules wait for timers or calls. The timer fires if the current rule, or the whole run, takes too long. */
  | { readonly kind: 'waiting'; readonly lease: RealmLease; readonly deadlineTimer: NodeJS.Timeout }
  /** The result is known, and nothing changes it. The entry that it came from may still be under way. */
  | {
      readonly kind: 'finished'
      /** Undefined if no realm could be made. */
      readonly lease: RealmLease | undefined
      readonly result: Omit<WireResult, 'rules'>
    }
  /** The parent has the result. */
  | { readonly kind: 'ended'; readonly result: WireResult }
  /** Its isolate was discarded, and it is not known to be the cause. The parent may let it run again. */
  | { readonly kind: 'evicted' }

/** A realm of an isolate, and the run that has it. */
export interface RealmLease {
  readonly realm: WorkerRealm
  /** No other run gets the realm meanwhile. */
  run: Run | undefined
  /** Ops that were begun in this realm and will never be answered: the realm may forget them. */
  abandonedOps: number[]
  /** The realm will not be used again. */
  isDisposed: boolean
  /** Its code has opened connections, and may keep clients that use them on `global`. */
  hasOpenedConnections: boolean
}

/** What the parent sends about a run. */
export type RunParams = Pick<RunMessage, 'id' | 'attempts' | 'input'>

const queuedState: RunState = { kind: 'queued' }
const evictedState: RunState = { kind: 'evicted' }

/** One login's rules in this worker. Each transition throws an `Error` if the current state does not allow it. */
export class Run implements OutboundRun {
  readonly id: number
  readonly input: RunInput
  readonly overrides: RealmOverrides | undefined
  /** Present if the randomness follows from a seed. The run then gets a realm that no other run has used. */
  readonly seededCrypto: SeededCrypto | undefined
  readonly budget: RunBudget
  readonly openOps: Record<'timer' | 'call', number> = { timer: 0, call: 0 }
  requestCount = 0
  openRequests = 0
  responseBytes = 0
  /** How many HTTP exchanges were reported to the parent. */
  exchangeCount = 0
  /** The parent knows that the run has had an effect outside the sandbox, and cannot run a second time. */
  hasSideEffects = false
  readonly #progress: RuleProgress
  #state: RunState = queuedState

  constructor(params: RunParams, program: Program, limits: SandboxLimits, clock: WorkerClock) {
    const { id, input } = params
    const { overrides, resumePoint } = input
    this.id = id
    this.input = input
    this.overrides = overrides && toRealmOverrides(overrides)
    this.seededCrypto = overrides?.seed === undefined ? undefined : createSeededCrypto(overrides.seed)
    this.#progress = new RuleProgress(program, resumePoint, clock.nowMs())
    this.budget = new RunBudget(params, limits, clock, this.#progress)
  }

  get state(): RunState {
    return this.#state
  }

  /** Whether the result is known. */
  get isFinished(): boolean {
    return this.#state.kind === 'finished' || this.#state.kind === 'ended'
  }

  /** Whether the rules came to their end, and no error ended them. */
  get hasSucceeded(): boolean {
    const state = this.#state
    return (state.kind === 'finished' || state.kind === 'ended') && state.result.status !== 'error'
  }

  /** Whether the rules are under way: they have a realm, and no result yet. */
  get isUnderWay(): boolean {
    return this.#state.kind === 'entered' || this.#state.kind === 'waiting'
  }

  /** The realm that the run has; undefined if it has none. */
  get realmId(): number | undefined {
    return 'lease' in this.#state ? this.#state.lease?.realm.id : undefined
  }

  /** What the current rule is; undefined after the last one. */
  get currentKind(): 'rule' | 'action' | undefined {
    return this.#progress.currentKind
  }

  get egress(): RuleEgress {
    return this.#progress.egress
  }

  /** queued → entered. Also entered → entered: another realm is used if the first one cannot be cleaned. */
  takeRealm(lease: RealmLease): void {
    const { kind } = this.#state
    if (kind !== 'queued' && kind !== 'entered') throw createTransitionError(kind, 'entered')
    this.#moveTo({ kind: 'entered', lease })
  }

  /** waiting → entered: an op was answered, or the current rule is abandoned. */
  resume(): void {
    const state = this.#state
    if (state.kind !== 'waiting') throw createTransitionError(state.kind, 'entered')
    this.#moveTo({ kind: 'entered', lease: state.lease })
  }

  /** entered → waiting. Also waiting → waiting: the next rule has another deadline. */
  wait(deadlineTimer: NodeJS.Timeout): void {
    const state = this.#state
    if (state.kind !== 'entered' && state.kind !== 'waiting') throw createTransitionError(state.kind, 'waiting')
    this.#moveTo({ kind: 'waiting', lease: state.lease, deadlineTimer })
  }

  /** entered, waiting → finished: the guest ended the run. Of several ends the first counts. */
  finish(login: string, result: GuestResult): void {
    if (this.isFinished) return
    const state = this.#state
    if (state.kind !== 'entered' && state.kind !== 'waiting') throw createTransitionError(state.kind, 'finished')
    const error = result.error && nameRule(result.error, this.#progress.lastName)
    this.#moveTo({
      kind: 'finished',
      lease: state.lease,
      result: { ...result, ...(error === undefined ? {} : { error }), login },
    })
  }

  /** queued, entered, waiting → finished: the host ended the run, and the current rule with it. The first end counts. */
  fail(failure: RunFailure): void {
    if (this.isFinished) return
    const state = this.#state
    if (state.kind === 'evicted') throw createTransitionError(state.kind, 'finished')
    const atMs = this.budget.meter()
    const error = nameRule(failure, this.#progress.currentName)
    if (this.#progress.currentName !== undefined)
      this.#progress.startNext(JSON.stringify({ status: 'error', changes: [], error: failure }), atMs)
    const lease = 'lease' in state ? state.lease : undefined
    this.#moveTo({ kind: 'finished', lease, result: { status: 'error', error, login: '' } })
  }

  /** finished → ended. */
  end(): WireResult {
    const state = this.#state
    if (state.kind !== 'finished') throw createTransitionError(state.kind, 'ended')
    const { hasSideEffects } = this
    const result = {
      ...state.result,
      ...(state.result.sharedWrite === undefined ? {} : { hasSideEffects }),
      rules: this.#progress.toJson(),
    }
    this.#moveTo({ kind: 'ended', result })
    return result
  }

  /** entered, waiting → evicted. */
  evict(): void {
    if (!this.isUnderWay) throw createTransitionError(this.#state.kind, 'evicted')
    this.#moveTo(evictedState)
  }

  #moveTo(nextState: RunState): void {
    if (this.#state.kind === 'waiting') clearTimeout(this.#state.deadlineTimer)
    this.#state = nextState
  }

  /** Charges the current rule from now on; returns the entry's timeout in ms. */
  startMetering(): number {
    return this.budget.startEntry()
  }

  /** Charges no rule from now on. The run fails if it has used up its CPU. */
  stopMetering(): void {
    const failure = this.budget.endEntry()
    if (failure !== undefined) this.fail(failure)
  }

  /** Does the worker's own work during an entry: no rule is charged for it. */
  runUnmetered<Result>(work: () => Result): Result {
    this.stopMetering()
    try {
      return work()
    } finally {
      this.startMetering()
    }
  }

  /** The guest's report on the current rule: the JSON of a `GuestRuleReport`. The next rule starts. */
  reportRule(report: string): void {
    if (this.isFinished) return
    const atMs = this.budget.meter()
    const failure = this.budget.findExcess()
    if (failure === undefined) this.#progress.startNext(report, atMs)
    else this.fail(failure)
  }

  /** Marks the current rule as abandoned; false if it already was. */
  abandonRule(): boolean {
    const { current } = this.#progress
    if (current.phase === 'abandoned') return false
    current.phase = 'abandoned'
    return true
  }

  log(level: string, message: string): void {
    if (!this.isFinished) this.#progress.current.logs.push({ level, message })
  }

  recordRequest(record: RequestRecord): void {
    if (this.isFinished) this.#progress.recordLateRequest(record)
    else this.#progress.current.requests.push(record)
  }
}

function createTransitionError(from: RunState['kind'], to: RunState['kind']): Error {
  return new Error(`a run that is ${from} cannot become ${to}`)
}
