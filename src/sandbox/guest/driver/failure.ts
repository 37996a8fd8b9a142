import type { RuleErrorCode } from '../../../errors/codes.ts'
import { hasOwn, indexOfText, sliceText, stringOf } from '../../wire/primordials.ts'

/** Why a rule did not end well: it refused the login, or it failed. */
export interface Failure {
  readonly kind: 'deny' | 'error'
  /** The rule meant to refuse (`UnauthorizedError`): not even `onError: 'skip'` overrules that. */
  readonly deliberate: boolean
  readonly code: RuleErrorCode
  readonly message: string
  /** The code that an action gave with its refusal. */
  readonly reasonCode?: string
}

const maxMessageLength = 1_000

/** What `callback(error)` means: whatever a rule passes there refuses the login, as it did in Auth0. */
export function refused(error: unknown): Failure {
  return { kind: 'deny', deliberate: isUnauthorized(error), code: 'RULE_THREW', message: messageOf(error) }
}

/** What `api.access.deny` means. */
export function denied(reason: unknown, code: unknown): Failure {
  const message = reason === undefined ? 'an action refused the login' : messageOf(reason)
  const failure: Failure = { kind: 'deny', deliberate: true, code: 'RULE_THREW', message }
  return typeof code === 'string' ? { ...failure, reasonCode: sliceText(code, 0, maxMessageLength) } : failure
}

/** What a throw or a rejection means: `UnauthorizedError` refuses, an error of ours keeps its code, all else is a fault of the rule. */
export function thrown(error: unknown, filename: string): Failure {
  if (isUnauthorized(error)) return refused(error)
  const code = ownCode(error) ?? 'RULE_THREW'
  const place = code === 'RULE_THREW' ? placeOf(error, filename) : ''
  return failed(code, messageOf(error) + place)
}

/** What an unreadable user or context means. */
export function unreadable(error: unknown): Failure {
  const fault = read(error, 'fault')
  return failed('RULE_OUTPUT', typeof fault === 'string' ? sliceText(fault, 0, maxMessageLength) : messageOf(error))
}

export function failed(code: RuleErrorCode, message: string): Failure {
  return { kind: 'error', deliberate: false, code, message }
}

function isUnauthorized(error: unknown): boolean {
  return read(error, 'name') === 'UnauthorizedError' || read(error, 'code') === 'unauthorized'
}

function ownCode(error: unknown): RuleErrorCode | undefined {
  const code = read(error, 'code')
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
function read(error: unknown, property: string): unknown {
  if (typeof error !== 'object' || error === null) return undefined
  try {
    return (error as Record<string, unknown>)[property]
  } catch {
    return undefined
  }
}

function messageOf(error: unknown): string {
  try {
    const isObject = typeof error === 'object' && error !== null
    const message = isObject && ('message' in error || !hasOwn(error, 'toString')) ? read(error, 'message') : error
    return message === undefined ? 'no message' : sliceText(stringOf(message), 0, maxMessageLength)
  } catch {
    return 'the message cannot be read'
  }
}

/** Where in the rule it happened, `, at add-roles.js:12:7`, or nothing where the stack does not say. */
function placeOf(error: unknown, filename: string): string {
  const stack = read(error, 'stack')
  if (typeof stack !== 'string') return ''
  const start = indexOfText(stack, `${filename}:`)
  if (start < 0) return ''
  let end = start + filename.length
  while (end < stack.length && indexOfText('0123456789:', stack[end]!) >= 0) end++
  return `, at ${sliceText(stack, start, end)}`
}
