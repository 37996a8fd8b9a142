import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { LoginInput, ResumeInput } from '../ports/login-input.ts'
import type { SuspendedLogin } from '../ports/suspended-login-store.ts'
import type { RuleHolder } from './active-rules.ts'
import { type EngineLogin, type RunEnvironment, runEngineLogin } from './run-engine-login.ts'
import { prepareResume } from './suspend.ts'
import { takeSuspendedLogin } from './take-suspended-login.ts'

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
