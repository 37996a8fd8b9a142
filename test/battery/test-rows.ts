import { expect, inject, test } from 'vitest'
import { batteryCases } from './cases/index.ts'
import { type Trial, hasPassed, listNotes, listTrials, runTrial } from './run/trial.ts'

const timeoutMs = 900_000

const isFirst = ({ case: { variants }, variant }: Trial): boolean => variants[0] === variant

/** Tests the cases of these rows, as often and in as many variants as the project says. `npm run battery` runs the same. */
export function testRows(...prefixes: readonly string[]): void {
  const trials = listTrials(batteryCases, prefixes).filter((trial) => inject('variants') === 'all' || isFirst(trial))
  const rows = trials.map((trial) => ({ trial, name: `${trial.case.id} ${trial.case.mechanism} (${trial.variant})` }))
  test.each(rows)('$name', { timeout: timeoutMs }, async ({ trial }) => {
    const result = await runTrial(trial, inject('repeats'))
    expect([listNotes(result), hasPassed(result)]).toEqual([
      result.skipped === undefined ? [] : listNotes(result),
      true,
    ])
  })
}
