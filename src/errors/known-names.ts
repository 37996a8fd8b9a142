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
  value: unknown,
  subject: string,
  knownNames: readonly string[],
  kind = 'option',
): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw createArgumentError(
      `${subject}: ${describeType(value)} was given; an object belongs there, with any of ${knownNames.join(', ')}`,
    )
  }
  const unknownName = Object.keys(value).find((name) => !knownNames.includes(name))
  if (unknownName === undefined) return
  const nearName = findNearest(unknownName, knownNames)
  const suggestion = nearName === undefined ? `there are ${knownNames.join(', ')}` : `did you mean ${nearName}?`
  throw createArgumentError(`${subject}: there is no ${kind} ${unknownName}; ${suggestion}`)
}

/** What a value is, in a message; texts that may be long or secret are not repeated. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (value instanceof Promise) return 'a promise'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The known name that a slip may have been meant for. */
function findNearest(name: string, knownNames: readonly string[]): string | undefined {
  const maxDistance = Math.max(2, Math.floor(name.length / 3))
  const lowerNames = knownNames.map((one) => one.toLowerCase())
  const match = closestMatch(name.toLowerCase(), lowerNames, { maxDistance })
  return match === undefined ? undefined : knownNames[lowerNames.indexOf(match)]
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
