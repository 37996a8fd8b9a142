import { closestMatch } from 'leven'
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

/** The known name that a slip may have been meant for. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const maxDistance = Math.max(2, Math.floor(name.length / 3))
  const lower = known.map((one) => one.toLowerCase())
  const found = closestMatch(name.toLowerCase(), lower, { maxDistance })
  return found === undefined ? undefined : known[lower.indexOf(found)]
}

function invalid(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
