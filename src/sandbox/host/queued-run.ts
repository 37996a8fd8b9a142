import type { RunInput } from '../wire/run-input.ts'
import type { Program, RunResult } from '../wire/protocol.ts'
import type { StubPort } from '../wire/stub-port.ts'
import type { ExitReason } from './worker-state.ts'

/** One login that the engine wants to be run. */
export interface RunRequest {
  readonly program: Program
  readonly input: RunInput
  /** Answers a rule's call of the embedder; a rejection reaches the rule as an error. */
  readonly answer: (name: string, body: string) => PromiseLike<string>
  /** The values of the test that runs the rules. */
  readonly stubs?: StubPort | undefined
  /** Gets each message that the rules send, and each answer: the JSON of an `ExchangeUpdate`. */
  readonly onExchange?: ((text: string) => void) | undefined
}

/** One login from its request to its result, in one worker after another if it is retried. */
export interface QueuedRun extends RunRequest {
  readonly id: number
  readonly resolve: (result: RunResult) => void
  readonly reject: (error: unknown) => void
  /** Whether it has had an effect outside the sandbox. If so, it must not run a second time. */
  hasSideEffects: boolean
  /** How often it was interrupted and was not known to be the cause. */
  attempts: number
  /** Its worker is killed at this time, unless the run has ended. */
  deadlineMs: number
}

/**
 * Why a run ended without a result. `evicted`: the worker goes on, and has discarded the isolate of the run. Either another
 * run broke the isolate, or the machine was too busy to give this run its CPU in time.
 */
export type InterruptReason = ExitReason | 'evicted'

/** Builds the result of a run that was interrupted and must not run again: it is the cause, or has no attempt left. */
export function toFaultResult(reason: InterruptReason, workerRssMb: number): RunResult {
  switch (reason) {
    case 'memory':
      return toErrorResult('RULE_MEMORY', `the worker used more than ${workerRssMb} MB`)
    case 'crash':
      return toErrorResult(
        'RULE_MEMORY',
        'the rules crashed the JavaScript engine, most likely by exhausting its memory',
      )
    case 'frozen':
      return toErrorResult('RULE_CPU', 'the rules kept the worker from answering')
    case 'deadline':
      return toErrorResult('RULE_TIMEOUT', "the login's rules did not end in time")
    case 'evicted':
      return toErrorResult('RULE_TIMEOUT', 'the machine was too busy to give the rules their CPU in time')
    case 'external':
    case 'violation':
      return toErrorResult('WORKER_LOST', 'the worker was lost, and lost again each time the rules ran again')
    default:
      return reason satisfies never
  }
}

/** Builds the result of a run that was interrupted after it had called out. */
export function toWorkerLostResult(): RunResult {
  return toErrorResult('WORKER_LOST', 'the worker was lost after the rules had called out, so they were not run again')
}

function toErrorResult(code: 'RULE_MEMORY' | 'RULE_CPU' | 'RULE_TIMEOUT' | 'WORKER_LOST', message: string): RunResult {
  return { status: 'error', error: { code, message }, login: '', rules: [] }
}
