import type { Contender } from './rivals.ts'

/** A contender, and how many runs make one round of a fair length. */
export type Entrant = readonly [name: string, contender: Contender, runs: number]

/**
 * Microseconds a run, with so many under way at once: the median of several rounds of each. The contenders take turns, so that a
 * machine that grows slower or faster in between does so for all of them.
 */
export async function measure(entrants: readonly Entrant[], atOnce = 50, rounds = 9): Promise<Map<string, number>> {
  const results = new Map<string, number[]>(entrants.map(([name]) => [name, []]))
  for (const [, contender, runs] of entrants) await round(contender, runs, atOnce)
  for (let turn = 0; turn < rounds; turn++) {
    for (const [name, contender, runs] of entrants) results.get(name)?.push(await round(contender, runs, atOnce))
  }
  return new Map([...results].map(([name, values]) => [name, median(values)]))
}

async function round(contender: Contender, runs: number, atOnce: number): Promise<number> {
  let left = runs
  const startedAtMs = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await contender.run()
    }),
  )
  return ((performance.now() - startedAtMs) * 1_000) / runs
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
