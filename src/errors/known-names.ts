import { ClaimsmithError } from './claimsmith-error.ts'

/**
 * Lets an object pass whose every name is known: one that is not would be ignored in silence.
 *
 * `place` is what the object is called in messages, `kind` what each of its names is.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT with the name, and the nearest one or all that there are
 */
export function assertKnownNames(
  given: unknown,
  place: string,
  known: readonly string[],
  kind = 'option',
): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(`${place}: ${described(given)} was given; an object belongs there, with any of ${known.join(', ')}`)
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const near = nearest(unknown, known)
  const right = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`
  throw invalid(`${place}: there is no ${kind} ${unknown}; ${right}`)
}

/** What a value is, in a message; texts that may be long or secret are not repeated. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (value instanceof Promise) return 'a promise'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The name that takes the fewest changes of a letter, where those are few enough for a slip. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, changes: changesBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, changes }) => changes <= Math.max(2, candidate.length / 3) && changes < candidate.length)
  return ranked.toSorted((a, b) => a.changes - b.changes)[0]?.candidate
}

function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1]
    for (let column = 1; column < row.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

function invalid(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
