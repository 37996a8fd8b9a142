import { expect, inject, test } from 'vitest'
import { batteryCases } from './cases/index.ts'
import { type Trial, hasPassed, listNotes, listTrials, runTrial } from './run/trial.ts'

const timeoutMs = 900_000

/** Of each row, as many cases as `test:all` has time for. `npm run battery` and the nightly tests run all of them. */
const maxCasesPerRow = 3

function selectShort(trials: readonly Trial[]): Trial[] {
  const counts = new Map<string, number>()
  return trials.filter(({ case: { id, variants }, variant }) => {
    if (variants[0] !== variant) return false
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return count <= maxCasesPerRow
  })
}

/** Tests the cases of these rows, as often and in as many variants as the project says. `npm run battery` runs the same. */
export function testRows(...prefixes: readonly string[]): void {
  const all = listTrials(batteryCases, prefixes)
  const trials = inject('variants') === 'all' ? all : selectShort(all)
  const rows = trials.map((trial) => ({ trial, name: `${trial.case.id} ${trial.case.mechanism} (${trial.variant})` }))
  test.each(rows)('$name', { timeout: timeoutMs }, async ({ trial }) => {
    const result = await runTrial(trial, inject('repeats'))
    expect([listNotes(result), hasPassed(result)]).toEqual([
      result.skipped === undefined ? [] : listNotes(result),
      true,
    ])
  })
}
