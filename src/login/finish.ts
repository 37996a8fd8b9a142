import { grantOf } from './granted.ts'
import { failureOf } from './failures.ts'
import { issueTokens } from './issue-tokens.ts'
import { logLogin } from './log.ts'
import type { LoginSettings } from './options.ts'
import { refusalOf } from './refuse.ts'
import { rememberLogin } from './remember.ts'
import { type Result, type TokenSet, succeed } from './result.ts'
import { contextForRules, userForRules } from './rules-input.ts'
import type { Transaction } from './transaction.ts'

/** From an authenticated user to tokens, and a line in the log. */
export async function finishLogin(transaction: Transaction, settings: LoginSettings): Promise<Result<TokenSet>> {
  const result = await runAndIssue(transaction, settings).catch(failureOf)
  const isRefresh = transaction.protocol === 'oauth2-refresh-token'
  if (result.ok) await logLogin(isRefresh ? 'sertft' : 's', transaction, settings)
  else await logLogin(isRefresh ? 'fertft' : 'f', transaction, settings, result.description)
  return result
}

/** Runs the rules, obeys them, remembers the enriched profile, issues. */
async function runAndIssue(transaction: Transaction, settings: LoginSettings): Promise<Result<TokenSet>> {
  const user = userForRules(transaction.user)
  const context = contextForRules(transaction, settings.tenant)
  const outcome = await settings.engine.run({ user, context })
  const refusal = refusalOf(outcome)
  if (refusal !== undefined) return refusal
  const granted = grantOf(transaction, outcome)
  await rememberLogin(granted, settings)
  return succeed(await issueTokens(granted, settings))
}
