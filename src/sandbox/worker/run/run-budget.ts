import type { RuleErrorCode } from '../../../errors/codes.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { RunMessage } from '../../wire/protocol.ts'
import { assertAffordable } from '../calls/assert-affordable.ts'
import type { OperationCost } from '../calls/operation-cost.ts'
import { timeoutFactor } from '../../wire/timeout-factor.ts'
import type { WorkerClock } from './clock.ts'
import type { RuleProgress } from './rule-progress.ts'

/** An error that the host, not the guest, ends a rule or a run with. */
export interface RunFailure {
  readonly code: RuleErrorCode
  readonly message: string
}

/** A wall-clock limit that has passed. `rule`: only the current rule ends. `login`: the whole run ends. */
export interface PassedDeadline {
  readonly scope: 'rule' | 'login'
  readonly failure: RunFailure
}

/** What a run says of its own time: see `RunMessage`. */
type RunTiming = Pick<RunMessage, 'attempts' | 'input'>

/** Accounts for the CPU and the wall-clock time of one run. */
export class RunBudget {
  readonly #limits: SandboxLimits
  readonly #clock: WorkerClock
  readonly #progress: RuleProgress
  readonly #wallMs: number
  readonly #loginDeadlineMs: number
  readonly #entryTimeoutFactor: number
  /** `new`: no entry so far. `metering`: CPU is charged to the current rule. `paused`: it is not. */
  #phase: 'new' | 'metering' | 'paused' = 'new'
  #meteredUntilMs = 0
  #usedCpuMs = 0

  constructor({ attempts, input }: RunTiming, limits: SandboxLimits, clock: WorkerClock, progress: RuleProgress) {
    this.#limits = limits
    this.#clock = clock
    this.#progress = progress
    this.#wallMs = input.wallMs
    this.#loginDeadlineMs = clock.nowMs() + input.wallMs
    this.#entryTimeoutFactor = timeoutFactor(attempts)
  }

  /**
   * Charges the current rule from now on. Returns the entry's timeout in ms: a multiple of the CPU that is left, which grows
   * with the slowdown of the machine.
   */
  startEntry(): number {
    this.#meteredUntilMs = this.#clock.startEntry()
    // The first rule starts here, not when the run arrived: it may have waited for a realm.
    if (this.#phase === 'new') this.#progress.current.startedAtMs = this.#meteredUntilMs
    this.#phase = 'metering'
    const { cpuPerLoginMs, cpuPerRuleMs } = this.#limits
    const cpuLeftMs = cpuPerLoginMs - this.#usedCpuMs
    const rulesCpuLeftMs = cpuPerRuleMs * this.#progress.remainingCount - this.#progress.current.cpuMs
    // A login that has called out cannot run again, so on a busy machine it must have its CPU at the first attempt.
    const neededMs = this.#clock.getSlowdown() * Math.max(1, Math.min(cpuLeftMs, rulesCpuLeftMs))
    // If a first attempt had longer, the parent might take the worker for frozen.
    const budgetMs = this.#entryTimeoutFactor * Math.min(neededMs, cpuPerLoginMs)
    return roundToTimerTick(this.#meteredUntilMs, budgetMs)
  }

  /** Charges no rule from now on. Returns the failure if no CPU is left. */
  endEntry(): RunFailure | undefined {
    this.meter()
    this.#phase = 'paused'
    return this.findExcess()
  }

  /** Charges the current rule up to now; returns the time. */
  meter(): number {
    const atMs = this.#clock.nowMs()
    if (this.#phase !== 'metering') return atMs
    const usedMs = this.#clock.measureCpuMs(this.#meteredUntilMs, atMs)
    this.#progress.current.cpuMs += usedMs
    this.#usedCpuMs += usedMs
    this.#meteredUntilMs = atMs
    return atMs
  }

  /** Whether the current rule has no CPU left. */
  isExhausted(): boolean {
    this.meter()
    return this.findExcess() !== undefined
  }

  /** The CPU limit that was exceeded when `meter` was last called. */
  findExcess(): RunFailure | undefined {
    const { cpuPerLoginMs, cpuPerRuleMs } = this.#limits
    if (this.#usedCpuMs > cpuPerLoginMs)
      return { code: 'RULE_CPU', message: `the login's rules used more than ${cpuPerLoginMs} ms of CPU` }
    if (this.#progress.current.cpuMs > cpuPerRuleMs)
      return { code: 'RULE_CPU', message: `the rule used more than ${cpuPerRuleMs} ms of CPU` }
    return undefined
  }

  /**
   * Lets the host start an operation for the current rule.
   *
   * What the host does in this thread is not charged here: the entry that it is part of is measured.
   *
   * @throws {HostCallError} LIMIT_EXCEEDED if it would use more CPU than the rule or the login has left
   */
  admit(cost: OperationCost): void {
    this.meter()
    const { cpuPerLoginMs, cpuPerRuleMs } = this.#limits
    const ruleLeftMs = cpuPerRuleMs - this.#progress.current.cpuMs
    const loginLeftMs = cpuPerLoginMs - this.#usedCpuMs
    assertAffordable(cost, { subject: 'the rule', limit: 'cpuPerRuleMs', limitMs: cpuPerRuleMs, leftMs: ruleLeftMs })
    assertAffordable(cost, {
      subject: 'the login',
      limit: 'cpuPerLoginMs',
      limitMs: cpuPerLoginMs,
      leftMs: loginLeftMs,
    })
  }

  /** Admits an operation of another thread, and charges its estimated cost to the current rule. */
  charge(cost: OperationCost): void {
    this.admit(cost)
    this.#progress.current.cpuMs += cost.cpuMs
    this.#usedCpuMs += cost.cpuMs
  }

  /** How long the current rule, or the whole run, may still take; 0 if it is over time. */
  getTimeLeftMs(): number {
    return Math.max(0, Math.min(this.#getRuleDeadlineMs(), this.#loginDeadlineMs) - this.#clock.nowMs())
  }

  findPassedDeadline(): PassedDeadline | undefined {
    const atMs = this.#clock.nowMs()
    if (atMs >= this.#loginDeadlineMs) {
      const message = `the login's rules took longer than ${this.#wallMs} ms`
      return { scope: 'login', failure: { code: 'RULE_TIMEOUT', message } }
    }
    if (atMs < this.#getRuleDeadlineMs()) return undefined
    const message = `the rule took longer than ${this.#limits.wallPerRuleMs} ms`
    return { scope: 'rule', failure: { code: 'RULE_TIMEOUT', message } }
  }

  #getRuleDeadlineMs(): number {
    return this.#progress.current.startedAtMs + this.#limits.wallPerRuleMs
  }
}

/**
 * The time from `atMs` to the first tick after `budgetMs`. isolated-vm keeps the timer of every entry until it is due, and
 * wakes a thread for it. Timers that are due together share one wake; at thousands of entries a second, that is a good part
 * of their cost.
 */
function roundToTimerTick(atMs: number, budgetMs: number): number {
  return Math.ceil(Math.ceil((atMs + budgetMs) / timerTickMs) * timerTickMs - atMs)
}

const timerTickMs = 25
