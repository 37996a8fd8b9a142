import type { RuleEgress } from '../../net/worker/outbound-run.ts'
import type { Program, ProgramRule } from '../../wire/protocol.ts'
import type { LogRecord, RequestRecord, RuleRecord } from '../../wire/records.ts'
import type { ResumePoint } from '../../wire/resume-point.ts'
import { getRuleEgress } from './rule-egress.ts'

/** The rule that runs, and what it did so far. */
interface RunningRule {
  /** `abandoned`: the worker has asked the guest to end it. */
  phase: 'running' | 'abandoned'
  readonly logs: LogRecord[]
  readonly requests: RequestRecord[]
  startedAtMs: number
  cpuMs: number
}

/** How far a run's rules have come: which rule runs, and what each rule before it did. */
export class RuleProgress {
  readonly #program: Program
  readonly #rules: readonly ProgramRule[]
  readonly #records: RuleRecord<string>[] = []
  #current: RunningRule
  #last: RunningRule | undefined

  constructor(program: Program, resumePoint: ResumePoint | undefined, startedAtMs: number) {
    this.#program = program
    this.#rules = resumePoint === undefined ? program.rules : program.rules.slice(resumePoint.ruleIndex)
    this.#current = createRunningRule(startedAtMs)
  }

  /** The rule that runs. After the last rule it is a placeholder, and what it collects is not reported. */
  get current(): RunningRule {
    return this.#current
  }

  /** That of the rule that runs; after the last rule, that of the last one. */
  get egress(): RuleEgress {
    return getRuleEgress(this.#rules[this.#records.length] ?? this.#rules.at(-1), this.#program)
  }

  /** Undefined after the last rule. */
  get currentName(): string | undefined {
    return this.#rules[this.#records.length]?.name
  }

  /** Undefined after the last rule. */
  get currentKind(): 'rule' | 'action' | undefined {
    return this.#rules[this.#records.length]?.kind
  }

  /** Undefined before the first rule has ended. */
  get lastName(): string | undefined {
    return this.#rules[this.#records.length - 1]?.name
  }

  /** The rule that runs and those after it. */
  get remainingCount(): number {
    return this.#rules.length - this.#records.length
  }

  /** Ends the current rule and starts the next one; `report` is the JSON of a `GuestRuleReport`. */
  startNext(report: string, atMs: number): void {
    const { logs, requests, startedAtMs, cpuMs } = this.#current
    this.#last = this.#current
    this.#records.push({ report, durationMs: atMs - startedAtMs, cpuMs, logs, requests })
    this.#current = createRunningRule(atMs)
  }

  /** Records a request that began after the end of the rules: the last rule sent it. */
  recordLateRequest(record: RequestRecord): void {
    const { requests } = this.#last ?? this.#current
    requests.push(record)
  }

  /** The JSON of the rules' records. */
  toJson(): string {
    return writeRecords(this.#records)
  }
}

function createRunningRule(startedAtMs: number): RunningRule {
  return { phase: 'running', logs: [], requests: [], startedAtMs, cpuMs: 0 }
}

/** Writes what the rules did. Each report is JSON already: the guest wrote it. */
export function writeRecords(records: readonly RuleRecord<string>[]): string {
  let text = ''
  for (const { report, durationMs, cpuMs, logs, requests } of records) {
    text += `${text === '' ? '' : ','}{"report":${report},"us":[${toMicros(durationMs)},${toMicros(cpuMs)}]`
    if (logs.length > 0) text += `,"logs":${JSON.stringify(logs)}`
    if (requests.length > 0) text += `,"requests":${JSON.stringify(requests)}`
    text += '}'
  }
  return `[${text}]`
}

function toMicros(ms: number): number {
  return Math.round(ms * 1_000)
}
