import type { RuleErrorCode } from '../../errors/codes.ts'
import type { RunInput } from '../wire/run-input.ts'
import type { Program, RunResult } from '../wire/protocol.ts'
import type { StubPort } from '../wire/stub-port.ts'
import type { Suspension } from './suspensions.ts'
import type { ExitReason } from './worker-state.ts'

/** One login that the engine wants to be run. */
export interface RunRequest {
  readonly program: Program
  readonly input: RunInput
  /** Who logs in; undefined if the login names no user. */
  readonly userId?: string | undefined
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
  readonly submittedAtMs: number
  /** When it began to wait for a worker. */
  queuedAtMs: number
  /** How often it was interrupted and was not known to be the cause. */
  attempts: number
  /** Index of the rule that runs; undefined if that is not known. */
  ruleIndex: number | undefined
  /** Its worker is killed at this time, unless the run has ended. */
  deadlineMs: number
}

/**
 * Why a run ended without a result. `evicted`: the worker goes on, and has discarded the isolate of the run. Either another
 * run broke the isolate, or the machine was too busy to give this run its CPU in time.
 */
export type InterruptReason = ExitReason | 'evicted'

/** Starts the life of a run. */
export function createQueuedRun(
  request: RunRequest,
  { id, atMs }: { readonly id: number; readonly atMs: number },
  resolve: QueuedRun['resolve'],
  reject: QueuedRun['reject'],
): QueuedRun {
  return {
    ...request,
    id,
    resolve,
    reject,
    hasSideEffects: false,
    submittedAtMs: atMs,
    queuedAtMs: atMs,
    attempts: 0,
    ruleIndex: undefined,
    deadlineMs: 0,
  }
}

/** Builds the result of a run that was interrupted and must not run again: it is the cause, or has no attempt left. */
export function toFaultResult(reason: InterruptReason, workerRssMb: number, rule: string | undefined): RunResult {
  switch (reason) {
    case 'memory':
      return toErrorResult('RULE_MEMORY', `the worker used more than ${workerRssMb} MB`, rule)
    case 'crash':
    case 'segmentation-fault':
      return toErrorResult(
        'RULE_MEMORY',
        'the rules crashed the JavaScript engine, most likely by exhausting its memory',
        rule,
      )
    case 'frozen':
      return toErrorResult('RULE_CPU', 'the rules kept the worker from answering', rule)
    case 'deadline':
      return toErrorResult('RULE_TIMEOUT', "the login's rules did not end in time", rule)
    case 'evicted':
      return toBusyResult('the machine was too busy to give its rules their CPU in time')
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

/** Builds the result of a run that `close` ended. */
export function toClosedResult(): RunResult {
  return toErrorResult('WORKER_LOST', 'the engine was closed before the login had ended')
}

/** Builds the result of a run that no worker had time for. */
export function toBusyResult(cause: string): RunResult {
  return toErrorResult('SANDBOX_BUSY', `the login was not run: ${cause}`)
}

/** Builds the result of a run whose rule is suspended for the user. */
export function toSuspendedResult({ rule, leftMs }: Suspension): RunResult {
  const subject = rule === undefined ? 'the rules of the login have' : `the rule ${JSON.stringify(rule)} has`
  const seconds = Math.ceil(leftMs / 1_000)
  const message = `${subject} cost a worker process with the data of this user, and will not run for this user for another ${seconds} s (limits.suspendMs); a changed rule runs at once`
  return toErrorResult('RULE_SUSPENDED', message, rule)
}

function toErrorResult(code: RuleErrorCode, message: string, rule?: string): RunResult {
  return { status: 'error', error: { code, message, ...(rule === undefined ? {} : { rule }) }, login: '', rules: [] }
}
