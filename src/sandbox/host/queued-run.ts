import type { RunOverrides } from '../wire/run-overrides.ts'
import type { ResumePoint } from '../wire/resume-point.ts'
import type { Program, RunResult } from '../wire/protocol.ts'
import type { Stall } from './heartbeat.ts'
import type { StubPort } from '../wire/stub-port.ts'

/** One login that is to be run, wherever it ends up running. */
export interface QueuedRun {
  readonly id: number
  readonly program: Program
  readonly login: string
  readonly tenant: string
  /** Absent where the login begins at the beginning. */
  readonly resumePoint: ResumePoint | undefined
  readonly overrides?: RunOverrides
  readonly wallMs: number
  /** Answers what a rule asks of the embedder; a rejection reaches the rule as an error. */
  readonly answer: (name: string, body: string) => PromiseLike<string>
  /** The values of the test that runs it, where one does. */
  readonly stubs?: StubPort | undefined
  /** Told of each message that its rules send, and of what comes back; the JSON of a `ToldExchange`. */
  readonly onExchange?: (text: string) => void
  readonly resolve: (result: RunResult) => void
  readonly reject: (error: unknown) => void
  /** It has done something outside, so it must not run a second time. */
  hasSideEffects: boolean
  /** How often it ran and was lost, through no fault of its own as far as anybody can say. */
  attempts: number
  /** When its worker will have been too long about it. */
  deadlineMs: number
}

/** Why a worker's process is gone. */
export type LossCause = 'memory' | 'frozen' | 'deadline' | 'crash' | 'killed' | 'violation' | 'evicted'

/** A heap that has no room left may put the thread that asked for it to sleep for good, which looks like a crash from within. */
export const lossCauseByStall = { frozen: 'frozen', blocked: 'crash', stopped: 'killed' } as const satisfies Record<
  Stall,
  LossCause
>

/** What a login gets whose own rules brought the worker down. */
export function toFaultResult(cause: LossCause, workerRssMb: number): RunResult {
  switch (cause) {
    case 'memory':
      return toErrorResult('RULE_MEMORY', `the worker used more than ${workerRssMb} MB`)
    case 'crash':
      return toErrorResult(
        'RULE_MEMORY',
        'the rules brought the JavaScript engine down, which is what exhausted memory does',
      )
    case 'frozen':
      return toErrorResult('RULE_CPU', 'the rules kept the worker from answering')
    case 'deadline':
      return toErrorResult('RULE_TIMEOUT', "the login's rules did not end in time")
    case 'evicted':
      return toErrorResult('RULE_TIMEOUT', 'the machine was too busy to give the rules their CPU in time')
    case 'killed':
    case 'violation':
      return toErrorResult('WORKER_LOST', 'the worker was lost, and lost again whenever the rules ran again')
    default:
      return cause satisfies never
  }
}

/** What a login gets that was under way in a lost worker and must not run again. */
export function toWorkerLostResult(): RunResult {
  return toErrorResult('WORKER_LOST', 'the worker was lost after the rules had called out, so they were not run again')
}

function toErrorResult(code: 'RULE_MEMORY' | 'RULE_CPU' | 'RULE_TIMEOUT' | 'WORKER_LOST', message: string): RunResult {
  return { status: 'error', error: { code, message }, login: '', rules: [] }
}
