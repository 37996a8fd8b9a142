import { grantOf } from './granted.ts'
import { issueTokens } from './issue-tokens.ts'
import type { LoginSettings } from './options.ts'
import { refusalOf } from './refuse.ts'
import { rememberLogin } from './remember.ts'
import { type Result, type TokenSet, succeed } from './result.ts'
import { contextForRules, userForRules } from './rules-input.ts'
import type { Transaction } from './transaction.ts'

/** From an authenticated user to tokens: run the rules, obey them, remember the enriched profile, issue. */
export async function finishLogin(transaction: Transaction, settings: LoginSettings): Promise<Result<TokenSet>> {
  const user = userForRules(transaction.user)
  const context = contextForRules(transaction, settings.tenant)
  const outcome = await settings.engine.run({ user, context })
  const refusal = refusalOf(outcome)
  if (refusal !== undefined) return refusal
  const granted = grantOf(transaction, outcome)
  await rememberLogin(granted, settings)
  return succeed(await issueTokens(granted, settings))
}
