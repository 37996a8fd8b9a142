import type { RuleErrorCode } from '../../../errors/codes.ts'
import { hasOwn, indexOfText, sliceText, toText } from '../../wire/primordials.ts'

/** Why a rule did not end well: it refused the login, or it failed. */
export interface GuestFailure {
  readonly kind: 'deny' | 'error'
  /** The rule meant to refuse (`UnauthorizedError`): not even `onError: 'skip'` overrules that. */
  readonly isDeliberate: boolean
  readonly code: RuleErrorCode
  readonly message: string
  /** The code that an action gave with its refusal. */
  readonly reasonCode?: string
}

const maxMessageLength = 1_000

/** What `callback(error)` means: whatever a rule passes there refuses the login, as it did in Auth0. */
export function toDenial(error: unknown): GuestFailure {
  return { kind: 'deny', isDeliberate: isUnauthorized(error), code: 'RULE_THREW', message: readMessage(error) }
}

/** What `api.access.deny` means. */
export function createDenial(reason: unknown, code: unknown): GuestFailure {
  const message = reason === undefined ? 'an action refused the login' : readMessage(reason)
  const failure: GuestFailure = { kind: 'deny', isDeliberate: true, code: 'RULE_THREW', message }
  return typeof code === 'string' ? { ...failure, reasonCode: sliceText(code, 0, maxMessageLength) } : failure
}

/** What a throw or a rejection means: `UnauthorizedError` refuses, an error of ours keeps its code, all else is a fault of the rule. */
export function toGuestFailure(error: unknown, filename: string): GuestFailure {
  if (isUnauthorized(error)) return toDenial(error)
  const code = readErrorCode(error) ?? 'RULE_THREW'
  const location = code === 'RULE_THREW' ? formatLocation(error, filename) : ''
  return createFailure(code, readMessage(error) + location)
}

/** What an unreadable user or context means. */
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

/** Reads a property of anything a rule may throw. It may run code of the rule's: that is on the rule's own time. */
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

/** Where in the rule it happened, `, at add-roles.js:12:7`, or nothing where the stack does not say. */
function formatLocation(error: unknown, filename: string): string {
  const stack = readProperty(error, 'stack')
  if (typeof stack !== 'string') return ''
  const start = indexOfText(stack, `${filename}:`)
  if (start < 0) return ''
  let end = start + filename.length
  while (end < stack.length && indexOfText('0123456789:', stack[end]!) >= 0) end++
  return `, at ${sliceText(stack, start, end)}`
}
