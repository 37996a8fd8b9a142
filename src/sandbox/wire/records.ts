import { ruleErrorCodes } from '../../errors/codes.ts'
import type { GuestRuleReport } from './guest-contract.ts'
import { buildObjectSchema, isValid, readAs } from './schema-check.ts'

/** The record of one rule: its own report, with the worker's measurements, its logs and its requests. */
export interface RuleRecord<Report = GuestRuleReport> {
  readonly report: Report
  readonly durationMs: number
  readonly cpuMs: number
  readonly logs: readonly LogRecord[]
  readonly requests: readonly RequestRecord[]
}

export interface LogRecord {
  readonly level: string
  readonly message: string
}

export interface RequestRecord {
  readonly method: string
  readonly url: string
  readonly status?: number
  readonly durationMs: number
  readonly error?: string
}

/** A record as it crosses the process border: in whole microseconds, without empty lists. */
interface WireRecord {
  readonly report: GuestRuleReport
  readonly us: readonly [duration: number, cpu: number]
  readonly logs?: readonly LogRecord[]
  readonly requests?: readonly RequestRecord[]
}

const text = { type: 'string' } as const
const number = { type: 'number' } as const

const request = buildObjectSchema(['method', 'url', 'durationMs'], {
  method: text,
  url: text,
  status: number,
  durationMs: number,
  error: text,
})
const report = buildObjectSchema(['status', 'changes'], {
  status: { enum: ['ok', 'deny', 'error', 'skipped'] },
  changes: {
    type: 'array',
    items: buildObjectSchema(['op', 'path'], { op: { enum: ['add', 'remove', 'replace'] }, path: text, value: {} }),
  },
  error: buildObjectSchema(['code', 'message'], { code: { enum: ruleErrorCodes }, message: text }),
})
const recordsSchema = {
  type: 'array',
  items: buildObjectSchema(['report', 'us'], {
    report,
    us: { type: 'array', items: number, minItems: 2, maxItems: 2 },
    logs: { type: 'array', items: buildObjectSchema(['level', 'message'], { level: text, message: text }) },
    requests: { type: 'array', items: request },
  }),
}

/** Parses the output of `writeRecords`; undefined if the JSON is anything else. */
export function readRecords(json: string): RuleRecord[] | undefined {
  return readAs<WireRecord[]>(recordsSchema, json)?.map(
    ({ report: ruleReport, us: [duration, cpu], logs = [], requests = [] }) => ({
      report: ruleReport,
      durationMs: duration / usPerMs,
      cpuMs: cpu / usPerMs,
      logs,
      requests,
    }),
  )
}

const usPerMs = 1_000

/** Compiles the check of `readRecords`, which is slow. */
export function prepareRecords(): void {
  isValid(recordsSchema, undefined)
}
