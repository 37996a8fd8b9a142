import { closestMatch } from 'leven'
import { ClaimsmithError } from './claimsmith-error.ts'

/**
 * Asserts that every member of an object has a known name; an unknown one would be ignored.
 *
 * `subject` is the object's name in messages, `kind` the word for its members.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT with the unknown name, and the nearest known one or all of them
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

/** Describes a value for a message. Texts are not repeated, because they may be long or secret. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (value instanceof Promise) return 'a promise'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Finds the known name that a typing error may have been meant for. */
function findNearest(name: string, knownNames: readonly string[]): string | undefined {
  const maxDistance = Math.max(2, Math.floor(name.length / 3))
  const lowerNames = knownNames.map((one) => one.toLowerCase())
  const match = closestMatch(name.toLowerCase(), lowerNames, { maxDistance })
  return match === undefined ? undefined : knownNames[lowerNames.indexOf(match)]
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
