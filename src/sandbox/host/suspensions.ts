import { createHash } from 'node:crypto'
import { LRUCache } from '../../cache/lru-cache.ts'
import type { SandboxLimits } from '../wire/limits.ts'
import type { Program, ProgramRule } from '../wire/protocol.ts'

/** A rule that is not run for a user for a while. */
export interface Suspension {
  /** Undefined if it is not known which rule of the program was the cause. */
  readonly rule: string | undefined
  readonly leftMs: number
}

interface Entry {
  readonly rule: string | undefined
  readonly untilMs: number
  readonly durationMs: number
}

const maxPairs = 10_000

/**
 * The pairs of a rule and a user that have cost workers. Other users, and other rules, are not affected, and a rule that was
 * changed starts anew.
 */
export class Suspensions {
  readonly #limits: SandboxLimits
  readonly #nowMs: () => number
  readonly #entries = new LRUCache<string, Entry>({ max: maxPairs })

  constructor(limits: SandboxLimits, nowMs: () => number) {
    this.#limits = limits
    this.#nowMs = nowMs
  }

  /** Suspends a rule for a user; all rules of the program together if `ruleIndex` is undefined. */
  add(program: Program, ruleIndex: number | undefined, userId: string): void {
    const { suspendMs, maxSuspendMs } = this.#limits
    const atMs = this.#nowMs()
    const rule = ruleIndex === undefined ? undefined : program.rules[ruleIndex]
    const key = toKey(rule === undefined ? program.hash : identifyRule(rule), userId)
    const previous = this.#entries.get(key)
    const isRepeated = previous !== undefined && atMs - previous.untilMs < maxSuspendMs
    const durationMs = Math.min(isRepeated ? 2 * previous.durationMs : suspendMs, maxSuspendMs)
    this.#entries.set(key, { rule: rule?.name, untilMs: atMs + durationMs, durationMs })
  }

  /** Finds a rule, from `firstIndex` on, that is suspended for the user. */
  find(program: Program, firstIndex: number, userId: string): Suspension | undefined {
    if (this.#entries.size === 0) return undefined
    const atMs = this.#nowMs()
    const subjects = [program.hash, ...program.rules.slice(firstIndex).map(identifyRule)]
    for (const subject of subjects) {
      const entry = this.#entries.get(toKey(subject, userId))
      if (entry !== undefined && entry.untilMs > atMs) return { rule: entry.rule, leftMs: entry.untilMs - atMs }
    }
    return undefined
  }
}

const ruleIdentities = new WeakMap<ProgramRule, string>()

/** The same text for the same rule in another program. */
function identifyRule(rule: ProgramRule): string {
  const known = ruleIdentities.get(rule)
  if (known !== undefined) return known
  const identity = createHash('sha256').update(rule.name).update('\0').update(rule.expression).digest('hex')
  ruleIdentities.set(rule, identity)
  return identity
}

function toKey(subject: string, userId: string): string {
  return `${subject} ${userId}`
}
