import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { EngineOptions } from '../options/engine-options.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { ClaimNames } from '../outcome/list-claim-names.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { LoginInput, ResumeInput } from './login-input.ts'
import type { SuspendedLogin } from './suspended-login-store.ts'

/**
 * The engine: runs rules over logins.
 *
 * @example
 * const engine: Engine = createEngine({ rules: 'rules' })
 * const outcome = await engine.run({ user: { user_id: 'auth0|1' } })
 */
export interface Engine {
  /**
   * Runs the rules over one login. Whatever the rules do, it resolves to an outcome.
   *
   * @throws {ClaimsmithError} ENGINE_CLOSED; INVALID_LOGIN if `user` or `context` is not plain data; SANDBOX_FAILED
   */
  run(login: LoginInput, options?: RunOptions): Promise<Outcome>
  /**
   * Continues a login whose user was redirected, or has passed the challenge that an action asked for. `request` is the request
   * that they came back with. A state is valid for three days, once. A suspended login may be given instead of its state.
   *
   * @throws {ClaimsmithError} INVALID_STATE if it is unknown, used, expired or of another login
   */
  resume(state: string | SuspendedLogin, request?: LoginRequest, input?: ResumeInput): Promise<Outcome>
  /** Runs the actions that export `onExecuteCredentialsExchange`: a client asks for a token, and no user logs in. */
  exchangeCredentials(login: { readonly context: LoginContext }, options?: RunOptions): Promise<Outcome>
  /**
   * Replaces the rules. Logins under way end with the rules that they began with. `configuration` is replaced with them.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET, and the rules stay as they were
   */
  replace(rules: string | readonly RuleInput[], configuration?: EngineOptions['configuration']): Promise<void>
  /** The claims that the current rules set, as far as their source shows it: an auth server may have to declare them. */
  listClaimNames(): ClaimNames
  /** Waits for the logins under way, then ends the workers. */
  close(): Promise<void>
}
