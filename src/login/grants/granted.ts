import type { Outcome } from '../../engine/outcome/outcome.ts'
import { scopesOf } from '../tokens/scopes.ts'
import type { Transaction } from '../run/transaction.ts'

/** A login that its rules let pass, and what it is granted. */
export interface Granted {
  readonly transaction: Transaction
  readonly outcome: Outcome
  readonly sub: string
  readonly scope: readonly string[]
  /** What a new refresh token will stand for; undefined where the login gets none. */
  readonly refreshScope: readonly string[] | undefined
}

export function grantOf(transaction: Transaction, outcome: Outcome): Granted {
  const scope = grantedScope(transaction, outcome)
  const refreshScope = refreshScopeOf(transaction, scope)
  return { transaction, outcome, sub: transaction.user.user_id ?? '', scope, refreshScope }
}

/** A rule changes what is granted by setting `context.accessToken.scope`. */
function grantedScope({ scope }: Transaction, { context }: Outcome): readonly string[] {
  const chosen: unknown = context.accessToken?.scope
  if (!Array.isArray(chosen)) return scope
  return scopesOf(chosen.filter((name) => typeof name === 'string').join(' '))
}

/**
 * Exchanging a refresh token for fewer scopes leaves the next one as strong as it was (RFC 6749, 6). Only a rule that takes
 * `offline_access` away ends it.
 */
function refreshScopeOf({ scope: asked, refreshedScope }: Transaction, granted: readonly string[]) {
  const offline = 'offline_access'
  if (refreshedScope === undefined) return granted.includes(offline) ? granted : undefined
  return asked.includes(offline) && !granted.includes(offline) ? undefined : refreshedScope
}
