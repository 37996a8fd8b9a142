import type { SandboxLimits } from '../wire/limits.ts'
import { type QueuedRun, toBusyResult } from './queued-run.ts'

/**
 * Runs that wait for a worker. Those that were not interrupted before come first: one that was may be the cause of it.
 *
 * The queue is bounded by number, for each ruleset, and by age. A run beyond a bound ends with `SANDBOX_BUSY`.
 */
export class LoginQueue {
  readonly #limits: SandboxLimits
  readonly #nowMs: () => number
  #runs: QueuedRun[] = []
  readonly #countByHash = new Map<string, number>()

  constructor(limits: SandboxLimits, nowMs: () => number) {
    this.#limits = limits
    this.#nowMs = nowMs
  }

  get size(): number {
    return this.#runs.length
  }

  /** The run to start next. */
  get first(): QueuedRun | undefined {
    return this.#runs[0]
  }

  add(run: QueuedRun): void {
    const { maxQueuedLogins } = this.#limits
    const count = this.#countByHash.get(run.program.hash) ?? 0
    if (count >= maxQueuedLogins) {
      run.resolve(
        toBusyResult(
          `${count} logins of its ruleset wait for a worker, and limits.maxQueuedLogins is ${maxQueuedLogins}`,
        ),
      )
      return
    }
    run.queuedAtMs = this.#nowMs()
    this.#insert(run)
  }

  /** Takes runs back that no worker has begun. They keep their age. */
  restore(runs: readonly QueuedRun[]): void {
    for (const run of runs) this.#insert(run)
  }

  /** Removes the first run. */
  shift(): void {
    const run = this.#runs.shift()
    if (run !== undefined) this.#count(run, -1)
  }

  /** Ends the runs that have waited too long. */
  expire(): void {
    const atMs = this.#nowMs()
    for (const run of this.#runs) {
      const message = this.#describeExpiry(run, atMs)
      if (message !== undefined) this.#remove(run).resolve(toBusyResult(message))
    }
  }

  /** Removes all runs. */
  clear(): readonly QueuedRun[] {
    const runs = this.#runs
    this.#runs = []
    this.#countByHash.clear()
    return runs
  }

  #insert(run: QueuedRun): void {
    const isLater = (other: QueuedRun): boolean =>
      other.attempts > run.attempts || (other.attempts === run.attempts && other.queuedAtMs > run.queuedAtMs)
    const last = this.#runs.at(-1)
    if (last === undefined || !isLater(last)) this.#runs.push(run)
    else this.#runs.splice(this.#runs.findIndex(isLater), 0, run)
    this.#count(run, 1)
  }

  #remove(run: QueuedRun): QueuedRun {
    this.#runs = this.#runs.filter((other) => other !== run)
    this.#count(run, -1)
    return run
  }

  #count({ program: { hash } }: QueuedRun, change: 1 | -1): void {
    const count = (this.#countByHash.get(hash) ?? 0) + change
    if (count === 0) this.#countByHash.delete(hash)
    else this.#countByHash.set(hash, count)
  }

  #describeExpiry({ submittedAtMs, queuedAtMs, input }: QueuedRun, atMs: number): string | undefined {
    const { maxQueueMs } = this.#limits
    if (atMs - submittedAtMs >= input.wallMs)
      return `it waited for a worker until its time limit of ${input.wallMs} ms (limits.wallPerLoginMs) had passed`
    if (atMs - queuedAtMs >= maxQueueMs)
      return `it waited for a worker for ${maxQueueMs} ms, which is limits.maxQueueMs`
    return undefined
  }
}
