import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { LoginInput, ResumeInput } from '../ports/login-input.ts'
import type { SuspendedLogin, SuspendedLoginStore } from '../ports/suspended-login-store.ts'
import type { RuleHolder } from './active-rules.ts'
import { type EngineLogin, type RunEnvironment, runEngineLogin } from './run-engine-login.ts'
import { createInvalidStateError, prepareResume } from './suspend.ts'

/** The ways in which a login begins. */
export interface EngineLogins {
  run(login: LoginInput, options: RunOptions): Promise<Outcome>
  resume(state: string | SuspendedLogin, request: LoginRequest, input: ResumeInput): Promise<Outcome>
  exchangeCredentials(context: LoginContext, options: RunOptions): Promise<Outcome>
}

type LoginOfProgram = Omit<EngineLogin, 'ruleset' | 'program'>

export function createEngineLogins(environment: RunEnvironment, rules: RuleHolder): EngineLogins {
  const { suspendedLogins, clock } = environment

  /** Begins with the rules as they are at the call. With a `ruleSource`, its newest rules are loaded first. */
  async function start(trigger: Program['trigger'], prepare: (program: Program) => LoginOfProgram): Promise<Outcome> {
    if (rules.refresh !== undefined) await rules.refresh()
    const { ruleset, programs } = rules.current
    const program = programs[trigger]
    return runEngineLogin(environment, { ...prepare(program), ruleset, program })
  }

  return {
    run: ({ user, context = {}, metadata }, options) =>
      start('post-login', () => ({ user, context, metadata, options })),
    async resume(state, request, input) {
      const suspendedLogin = await takeSuspendedLogin(suspendedLogins, state, clock)
      return start('post-login', (program) => {
        const { login, resumePoint } = prepareResume(suspendedLogin, program, { ...input, request, nowMs: clock() })
        return { ...login, metadata: suspendedLogin.metadata, options: { resumePoint } }
      })
    },
    exchangeCredentials: (context, options) =>
      start('credentials-exchange', () => ({ user: {}, context, metadata: undefined, options })),
  }
}

/**
 * Takes a suspended login out of its store by its state; the caller may also bring the login itself.
 *
 * @throws {ClaimsmithError} INVALID_STATE if the state is unknown, used or expired
 */
async function takeSuspendedLogin(
  store: SuspendedLoginStore,
  stateOrLogin: string | SuspendedLogin,
  nowMs: () => number,
): Promise<SuspendedLogin> {
  const login = typeof stateOrLogin === 'string' ? await store.take(stateOrLogin) : stateOrLogin
  if (login === undefined) throw createInvalidStateError('it is unknown, or was used before')
  if (login.expiresAtMs <= nowMs()) throw createInvalidStateError('it is expired')
  return login
}
