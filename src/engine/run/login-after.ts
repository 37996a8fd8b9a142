import { type Marks, type Written, decode, restoreMarked } from '../../sandbox/wire/codec.ts'
import { makeChanges } from '../../sandbox/wire/make-changes.ts'
import type { RunResult } from '../../sandbox/wire/protocol.ts'
import type { SentLogin, UserAndContext } from './login-text.ts'

/**
 * The login as its rules left it: `sent` is how it was sent to them, `before` what stands where they left nothing that
 * could be read. Undefined where the result makes no sense: a worker is where rules run, so what it sends may be anything.
 */
export function loginAfter(result: RunResult, sent: SentLogin, before: UserAndContext): UserAndContext | undefined {
  try {
    if (result.changesTell === true) return asLogin(changed(result, sent))
    return result.login === '' ? before : asLogin(decode(result.login))
  } catch {
    return undefined
  }
}

function changed({ rules, login: marks }: RunResult, { copy, text }: SentLogin): unknown {
  const value = copy ?? (JSON.parse(text) as Written)[0]
  for (const { report } of rules) makeChanges(value, report.changes)
  return marks === '' ? value : restoreMarked(value, JSON.parse(marks) as Marks)
}

function asLogin(value: unknown): UserAndContext | undefined {
  const { user, context } = value as Record<string, unknown>
  return isObject(user) && isObject(context) ? ({ user, context } as UserAndContext) : undefined
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
