import { type Marks, type EncodedValue, decode, restoreMarked } from '../../sandbox/wire/codec.ts'
import { applyChanges } from '../../sandbox/wire/apply-changes.ts'
import type { RunResult } from '../../sandbox/wire/protocol.ts'
import type { EncodedLogin, UserAndContext } from './encode-login.ts'

/**
 * The login as its rules left it: `sent` is how it was sent to them, `before` what stands where they left nothing that
 * could be read. Undefined where the result makes no sense: a worker is where rules run, so what it sends may be anything.
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
