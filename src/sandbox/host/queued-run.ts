import type { RunInput } from '../wire/run-input.ts'
import type { Program, RunResult } from '../wire/protocol.ts'
import type { Stall } from './heartbeat.ts'
import type { StubPort } from '../wire/stub-port.ts'

/** One login that the engine wants to be run. */
export interface RunRequest {
  readonly program: Program
  readonly input: RunInput
  /** Answers what a rule asks of the embedder; a rejection reaches the rule as an error. */
  readonly answer: (name: string, body: string) => PromiseLike<string>
  /** The values of the test that runs the rules. */
  readonly stubs?: StubPort | undefined
  /** Gets each message that the rules send, and each answer: the JSON of a `RecordedExchange`. */
  readonly onExchange?: ((text: string) => void) | undefined
}

/** One login from its request to its result, whichever workers run it. */
export interface QueuedRun extends RunRequest {
  readonly id: number
  readonly resolve: (result: RunResult) => void
  readonly reject: (error: unknown) => void
  /** It has had an effect outside the sandbox, so it must not run a second time. */
  hasSideEffects: boolean
  /** How often it ran and was lost through no fault of its own. */
  attempts: number
  /** When its worker will have taken too long. */
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
