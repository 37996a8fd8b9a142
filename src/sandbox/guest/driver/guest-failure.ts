import type { RuleErrorCode } from '../../../errors/codes.ts'
import { hasOwn, indexOfText, sliceText, toText } from '../../wire/primordials.ts'

/** Why a rule did not succeed: it denied the login, or it failed. */
export interface GuestFailure {
  readonly kind: 'deny' | 'error'
  /** The rule denied on purpose (`UnauthorizedError`), so `onError: 'skip'` does not apply. */
  readonly isDeliberate: boolean
  readonly code: RuleErrorCode
  readonly message: string
  /** The code of an action's denial. */
  readonly reasonCode?: string
}

const maxMessageLength = 1_000

/** Maps the error of `callback(error)`. Any error there denies the login, as it did in Auth0. */
export function toDenial(error: unknown): GuestFailure {
  return { kind: 'deny', isDeliberate: isUnauthorized(error), code: 'RULE_THREW', message: readMessage(error) }
}

/** Creates the denial of `api.access.deny`. */
export function createDenial(reason: unknown, code: unknown): GuestFailure {
  const message = reason === undefined ? 'an action denied the login' : readMessage(reason)
  const failure: GuestFailure = { kind: 'deny', isDeliberate: true, code: 'RULE_THREW', message }
  return typeof code === 'string' ? { ...failure, reasonCode: sliceText(code, 0, maxMessageLength) } : failure
}

/**
 * Maps a throw or a rejection: `UnauthorizedError` denies, our own errors keep their code, all others are `RULE_THREW`.
 */
export function toGuestFailure(error: unknown, filename: string): GuestFailure {
  if (isUnauthorized(error)) return toDenial(error)
  const code = readErrorCode(error) ?? 'RULE_THREW'
  const location = code === 'RULE_THREW' ? formatLocation(error, filename) : ''
  return createFailure(code, readMessage(error) + location)
}

/** Maps the error of a user or context that cannot be read. */
export function toOutputFailure(error: unknown): GuestFailure {
  const fault = readProperty(error, 'fault')
  return createFailure(
    'RULE_OUTPUT',
    typeof fault === 'string' ? sliceText(fault, 0, maxMessageLength) : readMessage(error),
  )
}

export function createFailure(code: RuleErrorCode, message: string): GuestFailure {
  return { kind: 'error', isDeliberate: false, code, message }
}

function isUnauthorized(error: unknown): boolean {
  return readProperty(error, 'name') === 'UnauthorizedError' || readProperty(error, 'code') === 'unauthorized'
}

function readErrorCode(error: unknown): RuleErrorCode | undefined {
  const code = readProperty(error, 'code')
  switch (code) {
    case 'MODULE_NOT_FOUND':
    case 'MODULE_REFUSED':
    case 'NETWORK_REFUSED':
    case 'LIMIT_EXCEEDED':
      return code
    default:
      return undefined
  }
}

/** Reads a property of any value that a rule may throw. A getter of the rule runs within the rule's budget. */
function readProperty(error: unknown, property: string): unknown {
  if (typeof error !== 'object' || error === null) return undefined
  try {
    return (error as Record<string, unknown>)[property]
  } catch {
    return undefined
  }
}

function readMessage(error: unknown): string {
  try {
    const isObject = typeof error === 'object' && error !== null
    const message =
      isObject && ('message' in error || !hasOwn(error, 'toString')) ? readProperty(error, 'message') : error
    return message === undefined ? 'no message' : sliceText(toText(message), 0, maxMessageLength)
  } catch {
    return 'the message cannot be read'
  }
}

/** Formats the position in the rule, `, at add-roles.js:12:7`; empty if the stack does not hold it. */
function formatLocation(error: unknown, filename: string): string {
  const stack = readProperty(error, 'stack')
  if (typeof stack !== 'string') return ''
  const start = indexOfText(stack, `${filename}:`)
  if (start < 0) return ''
  let end = start + filename.length
  while (end < stack.length && indexOfText('0123456789:', stack[end]!) >= 0) end++
  return `, at ${sliceText(stack, start, end)}`
}
