import { expect, inject, test } from 'vitest'
import { type AttackOptions, attack } from './attack.ts'

/** A script that attacks, and the one way in which its login ends. */
export interface HostileCase extends AttackOptions {
  readonly what: string
  /** A function, if it takes the port of a server that has to be listening first. */
  readonly script: string | (() => string)
  /** An error code, or an outcome that is no error. */
  readonly ends: string
}

/** Memory and other limits are reached before this CPU is used up. */
export const enoughCpu = { cpuPerRuleMs: 2_000, cpuPerLoginMs: 3_000 }

/** Enough for a machine that takes seconds to fill half a gigabyte. */
export const muchCpu = { cpuPerRuleMs: 15_000, cpuPerLoginMs: 15_000, wallPerRuleMs: 18_000 }

/** CPU is used up before this memory is full. */
export const muchMemory = { isolateHeapMb: 512, workerRssMb: 2_000 }

/**
 * A `Map` fills this heap soon. V8 may then freeze the thread for good, and the host waits as long as the CPU would last: so
 * that is short, too.
 */
export const littleMemory = { ...enoughCpu, cpuPerLoginMs: 2_000, isolateHeapMb: 16 }

/** The deadline comes soon, and before the CPU is used up. */
export const littleTime = { ...enoughCpu, wallPerRuleMs: 300, wallPerLoginMs: 600 }

const timeoutMs = 120_000
const maxHostRssMb = 250

/** Runs each case as often as the project says, beside clean logins: it ends in the same way each time, and harms nobody. */
export function testHostileCases(cases: readonly HostileCase[], common: AttackOptions = {}): void {
  test.each(cases)(
    '$what: $ends',
    async ({ script, ends, ...own }) => {
      const text = typeof script === 'string' ? script : script()
      const { hostile, clean, rssMb } = await attack(text, inject('repeats'), { ...common, ...own })
      expect([hostile, clean]).toEqual([[ends], ['allow']])
      expect(rssMb).toBeLessThan(maxHostRssMb)
    },
    timeoutMs,
  )
}
