import type { Contender } from './rivals.ts'

const atOnce = 50
const rounds = 9

/** A contender, and how many logins make one round of a fair length. */
export type Entrant = readonly [name: string, contender: Contender, logins: number]

/**
 * Microseconds a login, with 50 under way at once: the median of several rounds of each. The contenders take turns, so that a
 * machine that grows slower or faster in between does so for all of them.
 */
export async function measure(entrants: readonly Entrant[]): Promise<Map<string, number>> {
  const results = new Map<string, number[]>(entrants.map(([name]) => [name, []]))
  for (const [, contender, logins] of entrants) await round(contender, logins)
  for (let turn = 0; turn < rounds; turn++) {
    for (const [name, contender, logins] of entrants) results.get(name)?.push(await round(contender, logins))
  }
  return new Map([...results].map(([name, values]) => [name, median(values)]))
}

async function round(contender: Contender, logins: number): Promise<number> {
  let left = logins
  const startedAtMs = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await contender.run()
    }),
  )
  return ((performance.now() - startedAtMs) * 1_000) / logins
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
