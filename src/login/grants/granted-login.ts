import type { Outcome } from '../../engine/outcome/outcome.ts'
import { parseScopes } from '../tokens/scopes.ts'
import type { Transaction } from '../run/transaction.ts'

/** A login that its rules let pass, and what it is granted. */
export interface GrantedLogin {
  readonly transaction: Transaction
  readonly outcome: Outcome
  readonly sub: string
  readonly scope: readonly string[]
  /** What a new refresh token will stand for; undefined where the login gets none. */
  readonly refreshScope: readonly string[] | undefined
}

export function toGrantedLogin(transaction: Transaction, outcome: Outcome): GrantedLogin {
  const scope = resolveGrantedScope(transaction, outcome)
  const refreshScope = resolveRefreshScope(transaction, scope)
  return { transaction, outcome, sub: transaction.user.user_id ?? '', scope, refreshScope }
}

/** A rule changes what is granted by setting `context.accessToken.scope`. */
function resolveGrantedScope({ scope }: Transaction, { context }: Outcome): readonly string[] {
  const ruleScope: unknown = context.accessToken?.scope
  if (!Array.isArray(ruleScope)) return scope
  return parseScopes(ruleScope.filter((name) => typeof name === 'string').join(' '))
}

/**
 * Exchanging a refresh token for fewer scopes leaves the next one as strong as it was (RFC 6749, 6). Only a rule that takes
 * `offline_access` away ends it.
 */
function resolveRefreshScope({ scope: requestedScope, refreshedScope }: Transaction, grantedScope: readonly string[]) {
  const offline = 'offline_access'
  if (refreshedScope === undefined) return grantedScope.includes(offline) ? grantedScope : undefined
  return requestedScope.includes(offline) && !grantedScope.includes(offline) ? undefined : refreshedScope
}
