import type { RuleErrorCode } from '../../../errors/codes.ts'
import type { GuestResult } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import { patienceAfter } from '../../wire/patience.ts'
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
export interface Books {
  readonly id: number
  readonly ended: boolean
  /** Whether the rules themselves came to an end, and not by failing. */
  readonly endedWell: boolean
  readonly rulesDone: number
  /** What the rule at work is; undefined after the last one. */
  readonly atWork: 'rule' | 'action' | undefined
  /** Whether the rule at work has no CPU left. */
  isSpent(): boolean
  /** An entry into the isolate begins; answers how long it may take, which is longer than its CPU lasts where it has the CPU to itself. */
  enter(): number
  /** The entry is over; who has used up his CPU has failed. */
  leave(): void
  reportRule(report: string): void
  log(level: string, message: string): void
  request(record: RequestRecord): RequestRecord
  finish(login: string, result: GuestResult): void
  fail(failure: RunFailure): void
  /** When the rule at work, and the login, have had their time. */
  deadlines(): { readonly ruleMs: number; readonly loginMs: number }
  result(): WireResult
}

export function createBooks(
  { id, flow, wallMs, losses }: Pick<RunMessage, 'id' | 'flow' | 'wallMs' | 'losses'>,
  program: Program,
  limits: SandboxLimits,
  clock: WorkerClock,
): Books {
  const rules = flow === undefined ? program.rules : program.rules.slice(flow.first)
  const records: RuleRecord<string>[] = []
  const patience = patienceAfter(losses)
  const loginDeadlineMs = clock.nowMs() + wallMs
  let current = openRule(clock.nowMs())
  let lastClosed: RunningRule | undefined
  let spentMs = 0
  let markMs = 0
  let begun = false
  let entered = false
  let end: Omit<WireResult, 'rules'> | undefined

  function openRule(startedAtMs: number): RunningRule {
    return { logs: [], requests: [], startedAtMs, cpuMs: 0 }
  }

  /** Books the time since the last mark to the rule at work, and answers what time it is. */
  function mark(): number {
    const atMs = clock.nowMs()
    if (!entered) return atMs
    const usedMs = clock.usedMs(markMs, atMs)
    current.cpuMs += usedMs
    spentMs += usedMs
    markMs = atMs
    return atMs
  }

  function closeRule(report: string, atMs: number): void {
    const { logs, requests, startedAtMs, cpuMs } = current
    lastClosed = current
    records.push({ report, durationMs: atMs - startedAtMs, cpuMs, logs, requests })
    books.rulesDone = records.length
    books.atWork = rules[records.length]?.kind
    current = openRule(atMs)
  }

  /** After the end there is no rule at work any more, and the last one asked. */
  function lastRequests(): RequestRecord[] {
    return end === undefined ? current.requests : (lastClosed ?? current).requests
  }

  function overBudget(): RunFailure | undefined {
    if (spentMs > limits.cpuPerLoginMs)
      return cpuFailure(`the login's rules used more than ${limits.cpuPerLoginMs} ms of CPU`)
    if (current.cpuMs > limits.cpuPerRuleMs)
      return cpuFailure(`the rule used more than ${limits.cpuPerRuleMs} ms of CPU`)
    return undefined
  }

  function endWith(result: Omit<WireResult, 'rules'>): void {
    end = result
    books.ended = true
  }

  // Fields instead of getters: a getter in a literal costs microseconds, and garbage that keeps the next one alive.
  const books: { -readonly [Name in keyof Books]: Books[Name] } = {
    id,
    ended: false,
    endedWell: false,
    rulesDone: 0,
    atWork: rules[0]?.kind,
    isSpent() {
      mark()
      return overBudget() !== undefined
    },
    enter() {
      markMs = clock.enter()
      // The first rule begins here, not when the login came and perhaps had to wait for its realm.
      if (!begun) current.startedAtMs = markMs
      begun = true
      entered = true
      const left = limits.cpuPerLoginMs - spentMs
      const rulesLeft = limits.cpuPerRuleMs * (rules.length - records.length) - current.cpuMs
      return untilTick(markMs, patience * Math.max(1, Math.min(left, rulesLeft)))
    },
    leave() {
      mark()
      entered = false
      const over = overBudget()
      if (over !== undefined) books.fail(over)
    },
    reportRule(report) {
      if (end !== undefined) return
      const atMs = mark()
      const over = overBudget()
      if (over === undefined) closeRule(report, atMs)
      else books.fail(over)
    },
    log(level, message) {
      if (end === undefined) current.logs.push({ level, message })
    },
    request(record) {
      lastRequests().push(record)
      return record
    },
    finish(login, result) {
      if (end !== undefined) return
      const last = rules[records.length - 1]?.name
      const blame = last === undefined ? {} : { rule: last }
      books.endedWell = result.status !== 'error'
      endWith({ ...result, ...(result.error === undefined ? {} : { error: { ...result.error, ...blame } }), login })
    },
    fail(failure) {
      if (end !== undefined) return
      const atMs = mark()
      const rule = rules[records.length]?.name
      if (rule !== undefined) closeRule(JSON.stringify({ status: 'error', changes: [], error: failure }), atMs)
      endWith({ status: 'error', error: { ...failure, ...(rule === undefined ? {} : { rule }) }, login: '' })
    },
    deadlines: () => ({ ruleMs: current.startedAtMs + limits.wallPerRuleMs, loginMs: loginDeadlineMs }),
    result() {
      if (end === undefined) throw new Error('the run has not ended')
      return { ...end, rules: writeRecords(records) }
    },
  }
  return books
}

/**
 * The time from `atMs` to the first tick after `budgetMs`. isolated-vm keeps the timer of every entry until it is due, and wakes
 * a thread for it: timers that are due together share one wake, which at thousands of entries a second is a good part of their cost.
 */
function untilTick(atMs: number, budgetMs: number): number {
  return Math.ceil(Math.ceil((atMs + budgetMs) / timerTickMs) * timerTickMs - atMs)
}

const timerTickMs = 25

function cpuFailure(message: string): RunFailure {
  return { code: 'RULE_CPU', message }
}
