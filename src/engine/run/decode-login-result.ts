import { type Marks, type EncodedValue, decode, restoreMarked } from '../../sandbox/wire/codec.ts'
import { applyChanges } from '../../sandbox/wire/apply-changes.ts'
import type { RunResult } from '../../sandbox/wire/protocol.ts'
import type { EncodedLogin, UserAndContext } from './encode-login.ts'

/**
 * Decodes the login after its rules. `encoded` is what was sent to them; `before` is the result if they left nothing that can
 * be read. Undefined if the result is invalid: a worker runs rules, so it may send anything.
 */
export function decodeLoginResult(
  result: RunResult,
  encoded: EncodedLogin,
  before: UserAndContext,
): UserAndContext | undefined {
  try {
    if (result.isDelta === true) return toLogin(applyRuleChanges(result, encoded))
    return result.login === '' ? before : toLogin(decode(result.login))
  } catch {
    return undefined
  }
}

function applyRuleChanges({ rules, login: marks }: RunResult, { copy, text }: EncodedLogin): unknown {
  const value = copy ?? (JSON.parse(text) as EncodedValue)[0]
  for (const { report } of rules) applyChanges(value, report.changes)
  return marks === '' ? value : restoreMarked(value, JSON.parse(marks) as Marks)
}

function toLogin(value: unknown): UserAndContext | undefined {
  const { user, context } = value as Record<string, unknown>
  return isObject(user) && isObject(context) ? ({ user, context } as UserAndContext) : undefined
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
