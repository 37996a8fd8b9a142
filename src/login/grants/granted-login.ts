import type { Outcome } from '../../engine/outcome/outcome.ts'
import { parseScopes } from '../tokens/scopes.ts'
import type { Transaction } from '../run/transaction.ts'

/** A login that the rules allowed, and its scopes. */
export interface GrantedLogin {
  readonly transaction: Transaction
  readonly outcome: Outcome
  readonly sub: string
  readonly scope: readonly string[]
  /** The scope of the new refresh token; undefined if the login gets none. */
  readonly refreshScope: readonly string[] | undefined
}

export function toGrantedLogin(transaction: Transaction, outcome: Outcome): GrantedLogin {
  const scope = resolveGrantedScope(transaction, outcome)
  const refreshScope = resolveRefreshScope(transaction, scope)
  return { transaction, outcome, sub: transaction.user.user_id ?? '', scope, refreshScope }
}

/** A rule changes the granted scope by setting `context.accessToken.scope`. */
function resolveGrantedScope({ scope }: Transaction, { context }: Outcome): readonly string[] {
  const ruleScope: unknown = context.accessToken?.scope
  if (!Array.isArray(ruleScope)) return scope
  return parseScopes(ruleScope.filter((name) => typeof name === 'string').join(' '))
}

/**
 * A refresh with fewer scopes does not reduce the scope of the next refresh token (RFC 6749, 6). Only a rule that removes
 * `offline_access` ends it.
 */
function resolveRefreshScope({ scope: requestedScope, refreshedScope }: Transaction, grantedScope: readonly string[]) {
  const hasOfflineAccess = grantedScope.includes('offline_access')
  if (refreshedScope === undefined) return hasOfflineAccess ? grantedScope : undefined
  return requestedScope.includes('offline_access') && !hasOfflineAccess ? undefined : refreshedScope
}
