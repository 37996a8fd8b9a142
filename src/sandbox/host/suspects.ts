import { LRUCache } from '../../cache/lru-cache.ts'
import type { Program } from '../wire/protocol.ts'

interface Suspect {
  readonly program: Program
  /** By user, when a login of theirs last cost a worker. */
  readonly lastAtMs: Map<string, number>
}

const maxPrograms = 1_000
const maxUsers = 100
const minUsers = 2

/**
 * Rulesets that have cost workers with the data of several users. Their logins run one by one in the quarantine until none
 * has cost a worker for `windowMs`.
 */
export class Suspects {
  readonly #windowMs: number
  readonly #nowMs: () => number
  readonly #suspects = new LRUCache<string, Suspect>({ max: maxPrograms })
  #anonymousCount = 0

  constructor(windowMs: number, nowMs: () => number) {
    this.#windowMs = windowMs
    this.#nowMs = nowMs
  }

  /** A login of the user has cost a worker. Logins without a user id count as those of different users. */
  add(program: Program, userId: string | undefined): void {
    const { lastAtMs } = this.#suspects.get(program.hash) ?? { lastAtMs: new Map<string, number>() }
    const user = userId ?? `anonymous ${++this.#anonymousCount}`
    lastAtMs.delete(user)
    lastAtMs.set(user, this.#nowMs())
    const [oldest] = lastAtMs.keys()
    if (lastAtMs.size > maxUsers && oldest !== undefined) lastAtMs.delete(oldest)
    this.#suspects.set(program.hash, { program, lastAtMs })
  }

  has({ hash }: Program): boolean {
    const suspect = this.#suspects.peek(hash)
    return suspect !== undefined && this.#isSuspect(suspect)
  }

  #isSuspect({ lastAtMs }: Suspect): boolean {
    const sinceMs = this.#nowMs() - this.#windowMs
    return [...lastAtMs.values()].filter((atMs) => atMs > sinceMs).length >= minUsers
  }
}
