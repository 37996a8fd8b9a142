import { type RecordableHistogram, createHistogram } from 'node:perf_hooks'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'

/** What tells of the worker or of the load, and blames no rule. */
const blameless: ReadonlySet<string> = new Set(['allow', 'WORKER_LOST', 'SANDBOX_BUSY'])

/** One minute of a soak. */
export interface Minute {
  readonly hasHostile: boolean
  /** Latencies of clean logins, in microseconds. */
  readonly latencyUs: RecordableHistogram
  readonly clean: Record<string, number>
  readonly hostile: Record<string, number>
  faults: number
  parentRssMb: number
  workersRssMb: number
}

/** Keeps account of every login: each has exactly one outcome, and a clean one is not blamed. Its memory is bounded. */
export class Ledger {
  readonly minutes: Minute[] = []
  readonly #open = new Map<string, number>()
  readonly #wrong: string[] = []
  #wrongs = 0

  get openCount(): number {
    return this.#open.size
  }

  /** What went wrong; of many of a kind, the first twenty. */
  get complaints(): readonly string[] {
    const more = this.#wrongs - this.#wrong.length
    return more > 0 ? [...this.#wrong, `and ${more} more`] : this.#wrong
  }

  startMinute(hasHostile: boolean): void {
    const zero = { faults: 0, parentRssMb: 0, workersRssMb: 0 }
    this.minutes.push({ hasHostile, latencyUs: createHistogram(), clean: {}, hostile: {}, ...zero })
  }

  begin(id: string): void {
    this.#open.set(id, performance.now())
  }

  /** A login has an outcome; its user says whose. */
  end(outcome: Outcome, isHostile: boolean): void {
    const id = outcome.user.user_id ?? 'nobody'
    const startedAtMs = this.#open.get(id)
    if (startedAtMs === undefined) return this.complain(`${id} has an outcome that nobody waits for`)
    this.#open.delete(id)
    const minute = this.minutes.at(-1)
    if (minute === undefined) return this.complain('a login ended before the first minute')
    const code = outcome.error?.code ?? outcome.outcome
    const counts = isHostile ? minute.hostile : minute.clean
    counts[code] = (counts[code] ?? 0) + 1
    if (isHostile) return undefined
    minute.latencyUs.record(Math.max(1, Math.round((performance.now() - startedAtMs) * 1_000)))
    if (!blameless.has(code)) this.complain(`clean login ${id} ended with ${code}`)
    if (code === 'allow' && outcome.user['seen'] !== id)
      this.complain(`${id} has the data of ${String(outcome.user['seen'])}`)
    return undefined
  }

  complain(what: string): void {
    this.#wrongs++
    if (this.#wrong.length < 20) this.#wrong.push(what)
  }

  /** No login may be open any more. */
  close(): void {
    for (const id of this.#open.keys()) this.complain(`${id} has no outcome`)
  }
}
