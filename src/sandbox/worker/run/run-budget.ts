import type { RuleErrorCode } from '../../../errors/codes.ts'
import type { GuestResult } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import { timeoutFactor } from '../../wire/timeout-factor.ts'
import type { Program, RunMessage, WireResult } from '../../wire/protocol.ts'
import type { RequestRecord, RuleRecord } from '../../wire/records.ts'
import type { WorkerClock } from './clock.ts'
import { writeRecords } from './write-records.ts'

interface RunningRule {
  logs: { level: string; message: string }[]
  requests: RequestRecord[]
  startedAtMs: number
  cpuMs: number
}

/** The failure that ended a run from outside: the guest itself did not get to say it. */
export interface RunFailure {
  readonly code: RuleErrorCode
  readonly message: string
}

/** The books of one login: which rule is at work, what each did and cost, and how it all ended. */
export interface RunBudget {
  readonly id: number
  readonly isEnded: boolean
  /** Whether the rules themselves came to an end, and not by failing. */
  readonly hasSucceeded: boolean
  readonly completedRules: number
  /** What the rule at work is; undefined after the last one. */
  readonly currentKind: 'rule' | 'action' | undefined
  /** Whether the rule at work has no CPU left. */
  isExhausted(): boolean
  /** An entry into the isolate begins; answers how long it may take, which is longer than its CPU lasts where it has the CPU to itself. */
  startEntry(): number
  /** The entry is over; who has used up his CPU has failed. */
  endEntry(): void
  reportRule(report: string): void
  log(level: string, message: string): void
  recordRequest(record: RequestRecord): RequestRecord
  finish(login: string, result: GuestResult): void
  fail(failure: RunFailure): void
  /** When the rule at work, and the login, have had their time. */
  getDeadlines(): { readonly ruleMs: number; readonly loginMs: number }
  getResult(): WireResult
}

export function createRunBudget(
  { id, attempts, input: { resumePoint, wallMs } }: Pick<RunMessage, 'id' | 'attempts' | 'input'>,
  program: Program,
  limits: SandboxLimits,
  clock: WorkerClock,
): RunBudget {
  const rules = resumePoint === undefined ? program.rules : program.rules.slice(resumePoint.ruleIndex)
  const records: RuleRecord<string>[] = []
  const entryTimeoutFactor = timeoutFactor(attempts)
  const loginDeadlineMs = clock.nowMs() + wallMs
  let currentRule = openRule(clock.nowMs())
  let lastRule: RunningRule | undefined
  let usedCpuMs = 0
  let meteredUntilMs = 0
  let hasStarted = false
  let isInEntry = false
  let outcome: Omit<WireResult, 'rules'> | undefined

  function openRule(startedAtMs: number): RunningRule {
    return { logs: [], requests: [], startedAtMs, cpuMs: 0 }
  }

  /** Books the time since the last mark to the rule at work, and answers what time it is. */
  function meterCpu(): number {
    const atMs = clock.nowMs()
    if (!isInEntry) return atMs
    const usedMs = clock.measureCpuMs(meteredUntilMs, atMs)
    currentRule.cpuMs += usedMs
    usedCpuMs += usedMs
    meteredUntilMs = atMs
    return atMs
  }

  function closeRule(report: string, atMs: number): void {
    const { logs, requests, startedAtMs, cpuMs } = currentRule
    lastRule = currentRule
    records.push({ report, durationMs: atMs - startedAtMs, cpuMs, logs, requests })
    runBudget.completedRules = records.length
    runBudget.currentKind = rules[records.length]?.kind
    currentRule = openRule(atMs)
  }

  /** After the end there is no rule at work any more, and the last one asked. */
  function getCurrentRequests(): RequestRecord[] {
    return outcome === undefined ? currentRule.requests : (lastRule ?? currentRule).requests
  }

  function checkBudget(): RunFailure | undefined {
    if (usedCpuMs > limits.cpuPerLoginMs)
      return createCpuFailure(`the login's rules used more than ${limits.cpuPerLoginMs} ms of CPU`)
    if (currentRule.cpuMs > limits.cpuPerRuleMs)
      return createCpuFailure(`the rule used more than ${limits.cpuPerRuleMs} ms of CPU`)
    return undefined
  }

  function endWith(result: Omit<WireResult, 'rules'>): void {
    outcome = result
    runBudget.isEnded = true
  }

  // Fields instead of getters: a getter in a literal costs microseconds, and garbage that keeps the next one alive.
  const runBudget: { -readonly [Name in keyof RunBudget]: RunBudget[Name] } = {
    id,
    isEnded: false,
    hasSucceeded: false,
    completedRules: 0,
    currentKind: rules[0]?.kind,
    isExhausted() {
      meterCpu()
      return checkBudget() !== undefined
    },
    startEntry() {
      meteredUntilMs = clock.startEntry()
      // The first rule begins here, not when the login came and perhaps had to wait for its realm.
      if (!hasStarted) currentRule.startedAtMs = meteredUntilMs
      hasStarted = true
      isInEntry = true
      const cpuLeftMs = limits.cpuPerLoginMs - usedCpuMs
      const rulesCpuLeftMs = limits.cpuPerRuleMs * (rules.length - records.length) - currentRule.cpuMs
      return roundToTimerTick(meteredUntilMs, entryTimeoutFactor * Math.max(1, Math.min(cpuLeftMs, rulesCpuLeftMs)))
    },
    endEntry() {
      meterCpu()
      isInEntry = false
      const budgetFailure = checkBudget()
      if (budgetFailure !== undefined) runBudget.fail(budgetFailure)
    },
    reportRule(report) {
      if (outcome !== undefined) return
      const atMs = meterCpu()
      const budgetFailure = checkBudget()
      if (budgetFailure === undefined) closeRule(report, atMs)
      else runBudget.fail(budgetFailure)
    },
    log(level, message) {
      if (outcome === undefined) currentRule.logs.push({ level, message })
    },
    recordRequest(record) {
      getCurrentRequests().push(record)
      return record
    },
    finish(login, result) {
      if (outcome !== undefined) return
      const ruleName = rules[records.length - 1]?.name
      const ruleField = ruleName === undefined ? {} : { rule: ruleName }
      runBudget.hasSucceeded = result.status !== 'error'
      endWith({ ...result, ...(result.error === undefined ? {} : { error: { ...result.error, ...ruleField } }), login })
    },
    fail(failure) {
      if (outcome !== undefined) return
      const atMs = meterCpu()
      const rule = rules[records.length]?.name
      if (rule !== undefined) closeRule(JSON.stringify({ status: 'error', changes: [], error: failure }), atMs)
      endWith({ status: 'error', error: { ...failure, ...(rule === undefined ? {} : { rule }) }, login: '' })
    },
    getDeadlines: () => ({ ruleMs: currentRule.startedAtMs + limits.wallPerRuleMs, loginMs: loginDeadlineMs }),
    getResult() {
      if (outcome === undefined) throw new Error('the run has not ended')
      return { ...outcome, rules: writeRecords(records) }
    },
  }
  return runBudget
}

/**
 * The time from `atMs` to the first tick after `budgetMs`. isolated-vm keeps the timer of every entry until it is due, and wakes
 * a thread for it: timers that are due together share one wake, which at thousands of entries a second is a good part of their cost.
 */
function roundToTimerTick(atMs: number, budgetMs: number): number {
  return Math.ceil(Math.ceil((atMs + budgetMs) / timerTickMs) * timerTickMs - atMs)
}

const timerTickMs = 25

function createCpuFailure(message: string): RunFailure {
  return { code: 'RULE_CPU', message }
}
