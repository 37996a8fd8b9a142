import type { SandboxLimits } from '../wire/limits.ts'
import { createIdTable } from '../wire/id-table.ts'
import type { FromWorker, Program } from '../wire/protocol.ts'
import { readSafeRecords } from '../wire/result-checks.ts'
import type { QueuedRun } from './queued-run.ts'
import type { SupervisedOptions } from './supervised-options.ts'
import type { WorkerProcess } from './worker-process.ts'

type MessageOf<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>

interface AssignedRunsOptions {
  readonly process: WorkerProcess
  readonly limits: SandboxLimits
  readonly nowMs: () => number
  readonly findSnapshot: SupervisedOptions['findSnapshot']
}

/** Answer to a rule whose run has ended. */
const endedRunAnswer = JSON.stringify({ ok: false, value: { is: 'undefined' } })

/**
 * The runs that one worker was given and has not finished, and what the worker reports about each.
 *
 * A report about a run that is not in the table is ignored: the run has ended, or the worker was hijacked.
 */
export class AssignedRuns {
  readonly #process: WorkerProcess
  readonly #limits: SandboxLimits
  readonly #nowMs: () => number
  readonly #findSnapshot: SupervisedOptions['findSnapshot']
  readonly #runs = createIdTable<QueuedRun>()
  /** Ids of a test's runs whose synchronous part is done. */
  readonly #waitingIds = new Set<number>()

  constructor({ process, limits, nowMs, findSnapshot }: AssignedRunsOptions) {
    this.#process = process
    this.#limits = limits
    this.#nowMs = nowMs
    this.#findSnapshot = findSnapshot
  }

  get size(): number {
    return this.#runs.size
  }

  /** Sends a run to the worker. If it is a test's run, this blocks until its synchronous part is done. */
  assign(run: QueuedRun): void {
    if (this.#runs.size === 0) this.#process.setReferenced(true)
    this.#runs.add(run.id, run)
    this.#setDeadline(run)
    const { id, program, input, attempts } = run
    this.#process.send({ type: 'run', id, hash: program.hash, attempts, input })
    this.#serveStubs(run)
  }

  /** Restarts the deadline of every run. No run could begin before the worker was ready. */
  restartDeadlines(): void {
    for (const run of this.#runs.values()) this.#setDeadline(run)
  }

  hasOverdue(atMs: number): boolean {
    return this.#runs.values().some((run) => atMs > run.deadlineMs)
  }

  findProgram(hash: string): Program | undefined {
    return this.#runs.values().find(({ program }) => program.hash === hash)?.program
  }

  sendProgram(hash: string): void {
    const program = this.findProgram(hash)
    if (program === undefined) return
    const snapshot = this.#findSnapshot?.(hash)
    this.#process.send({ type: 'program', program, ...(snapshot === undefined ? {} : { snapshot }) })
  }

  markSideEffect(id: number): void {
    const run = this.#runs.get(id)
    if (run !== undefined) run.hasSideEffects = true
  }

  forwardExchange({ id, text }: MessageOf<'exchange'>): void {
    this.#runs.get(id)?.onExchange?.(text)
  }

  answerCall({ id, op, name, body }: MessageOf<'call'>): void {
    const run = this.#runs.get(id)
    if (run === undefined) return
    run.hasSideEffects = true
    run.answer(name, body).then(
      (result) => this.#process.send({ type: 'answer', id, op, ok: true, body: result }),
      (error: unknown) => this.#process.send({ type: 'answer', id, op, ok: false, body: serializeError(error) }),
    )
  }

  answerStub({ id, body }: MessageOf<'stub'>): void {
    const run = this.#runs.get(id)
    if (run !== undefined) run.hasSideEffects = true
    const text = run?.stubs === undefined ? endedRunAnswer : run.stubs.answer(body)
    if (text !== undefined) this.#process.syncChannel?.reply(text)
  }

  markWaiting(id: number): void {
    this.#waitingIds.add(id)
    this.#runs.get(id)?.stubs?.notifyWaiting()
  }

  /** Resolves a run. If its result is malformed or too deep, the run stays in the table, and this returns false. */
  finish(message: MessageOf<'done'>): boolean {
    const { type: _, id, ...result } = message
    const rules = readSafeRecords(result, this.#runs.get(id)?.input.login ?? '', this.#limits)
    if (rules === undefined) return false
    this.remove(id)?.resolve({ ...result, rules })
    return true
  }

  remove(id: number): QueuedRun | undefined {
    const run = this.#runs.delete(id)
    this.#waitingIds.delete(id)
    if (this.#runs.size === 0) this.#process.setReferenced(false)
    return run
  }

  /** Removes all runs, because the process is gone. */
  removeAll(): readonly QueuedRun[] {
    const runs = this.#runs.values()
    for (const { id } of runs) this.#runs.delete(id)
    return runs
  }

  #setDeadline(run: QueuedRun): void {
    run.deadlineMs = this.#nowMs() + run.input.wallMs + this.#limits.killAfterMs
  }

  #serveStubs({ id, stubs }: QueuedRun): void {
    const { syncChannel } = this.#process
    if (syncChannel === undefined || stubs === undefined) return
    stubs.open(syncChannel)
    syncChannel.serveUntil(() => this.#waitingIds.has(id) || this.#runs.get(id) === undefined)
  }
}

/** Serializes an error of the embedder for a rule. The stack is left out, because it contains paths. */
function serializeError(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify({ message: 'the call failed' })
  const { name, message, code } = error as Error & { readonly code?: unknown }
  return JSON.stringify({ name, message, ...(typeof code === 'string' ? { code } : {}) })
}
