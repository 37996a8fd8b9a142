import type { Outcome } from '../../engine/outcome/outcome.ts'
import { grantOf } from '../grants/granted.ts'
import { failureOf } from '../result/failures.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { logLogin } from '../result/log.ts'
import type { LoginSettings } from '../options.ts'
import { refusalOf } from '../result/refuse.ts'
import { rememberLogin } from './remember.ts'
import { type Result, type TokenSet, succeed } from '../result/result.ts'
import { contextForRules, userForRules } from './rules-input.ts'
import { type Transaction, suspendedTransaction } from './transaction.ts'

/** From an authenticated user to tokens, and a line in the log; `run` runs the rules, from the beginning or further on. */
export async function finishLogin(
  transaction: Transaction,
  settings: LoginSettings,
  run: () => Promise<Outcome> = () => runRules(transaction, settings),
): Promise<Result<TokenSet>> {
  let outcome: Outcome | undefined
  const noted = async (): Promise<Outcome> => (outcome = await run())
  const result = await issue(transaction, settings, noted).catch(failureOf)
  const isRefresh = transaction.protocol === 'oauth2-refresh-token'
  const attempt = { ...transaction, outcome }
  if (result.ok) await logLogin(isRefresh ? 'sertft' : 's', attempt, settings)
  else await logLogin(isRefresh ? 'fertft' : 'f', attempt, settings, result.description)
  return result
}

function runRules(transaction: Transaction, { engine, tenant }: LoginSettings): Promise<Outcome> {
  const user = userForRules(transaction.user)
  const context = contextForRules(transaction, tenant)
  return engine.run({ user, context, carry: suspendedTransaction(transaction) })
}

/** Runs the rules, obeys them, remembers the enriched profile, issues. */
async function issue(
  transaction: Transaction,
  settings: LoginSettings,
  run: () => Promise<Outcome>,
): Promise<Result<TokenSet>> {
  const outcome = await run()
  const refusal = refusalOf(outcome)
  if (refusal !== undefined) return refusal
  const granted = grantOf(transaction, outcome)
  await rememberLogin(granted, settings)
  return succeed(await issueTokens(granted, settings))
}
