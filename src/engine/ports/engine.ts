import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { EngineOptions } from '../options/engine-options.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { ClaimNames } from '../outcome/list-claim-names.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { LoginInput, ResumeInput } from './login-input.ts'
import type { SuspendedLogin } from './suspended-login-store.ts'

export interface Engine {
  /**
   * Runs the rules over one login. Resolves to an outcome whatever the rules do.
   *
   * @throws {ClaimsmithError} ENGINE_CLOSED; INVALID_LOGIN where `user` or `context` is no plain data; SANDBOX_FAILED
   */
  run(login: LoginInput, options?: RunOptions): Promise<Outcome>
  /**
   * Goes on with a login whose user was sent elsewhere, or passed the challenge that an action asked for; `request` is the
   * one they came back with. A state lives three days, and works once. Takes a suspended login as well, from whoever keeps
   * them without `take`.
   *
   * @throws {ClaimsmithError} INVALID_STATE where it is unknown, used, expired or of another login
   */
  resume(state: string | SuspendedLogin, request?: LoginRequest, input?: ResumeInput): Promise<Outcome>
  /** Runs the actions that export `onExecuteCredentialsExchange`: a client asks for a token, and no user logs in. */
  exchangeCredentials(login: { readonly context: LoginContext }, options?: RunOptions): Promise<Outcome>
  /**
   * Swaps the rules, whole: logins under way end on the rules they began with. A new `configuration` goes with them.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET, and the rules stay what they were
   */
  replace(rules: string | readonly RuleInput[], configuration?: EngineOptions['configuration']): Promise<void>
  /** The claims that the rules of the moment set, as far as their text shows it: what an auth server may have to declare. */
  listClaimNames(): ClaimNames
  /** Waits for the logins under way, then ends the workers. */
  close(): Promise<void>
}
