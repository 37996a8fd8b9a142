import type { Outcome } from '../../engine/outcome/outcome.ts'
import { toGrantedLogin } from '../grants/granted-login.ts'
import { toOAuthErrorOrRethrow } from '../result/expected-exceptions.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { logLogin } from '../result/log-login.ts'
import type { LoginSettings } from '../options.ts'
import { toOAuthError } from '../result/to-oauth-error.ts'
import { rememberLogin } from './remember-login.ts'
import { type Result, type TokenSet, succeed } from '../result/result.ts'
import { buildRulesContext, buildRulesUser } from './rules-input.ts'
import { type Transaction, toSuspendedTransaction } from './transaction.ts'

/** Runs the rules for an authenticated user, issues tokens and logs the login. `run` starts the rules or resumes them. */
export async function finishLogin(
  transaction: Transaction,
  settings: LoginSettings,
  run: () => Promise<Outcome> = () => runRules(transaction, settings),
): Promise<Result<TokenSet>> {
  let outcome: Outcome | undefined
  const runAndCapture = async (): Promise<Outcome> => (outcome = await run())
  const result = await runAndIssue(transaction, settings, runAndCapture).catch(toOAuthErrorOrRethrow)
  const isRefresh = transaction.protocol === 'oauth2-refresh-token'
  const attempt = { ...transaction, outcome }
  if (result.ok) await logLogin(isRefresh ? 'sertft' : 's', attempt, settings)
  else await logLogin(isRefresh ? 'fertft' : 'f', attempt, settings, result.description)
  return result
}

function runRules(transaction: Transaction, { engine, tenant }: LoginSettings): Promise<Outcome> {
  const user = buildRulesUser(transaction.user)
  const context = buildRulesContext(transaction, tenant)
  return engine.run({ user, context, metadata: toSuspendedTransaction(transaction) })
}

async function runAndIssue(
  transaction: Transaction,
  settings: LoginSettings,
  run: () => Promise<Outcome>,
): Promise<Result<TokenSet>> {
  const outcome = await run()
  const error = toOAuthError(outcome)
  if (error !== undefined) return error
  const login = toGrantedLogin(transaction, outcome)
  await rememberLogin(login, settings)
  return succeed(await issueTokens(login, settings))
}
