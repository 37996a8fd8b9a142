import type { LoginContext } from '../../profile/context/context.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { User } from '../../profile/user/user.ts'
import { loadRuleset } from '../../rules/ruleset/ruleset.ts'
import { type FetchPort, answerRequest } from '../../sandbox/net/host/embedder-fetch.ts'
import type { SandboxLimits } from '../../sandbox/wire/limits.ts'
import { type PoolJob, createPool } from '../../sandbox/host/pool.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { StubPort } from '../../sandbox/wire/stub-port.ts'
import type { Told } from '../../sandbox/wire/told.ts'
import type { Conditions } from '../../sandbox/wire/conditions.ts'
import { coverageLog } from './coverage-log.ts'
import { limitsOf } from '../options/engine-limits.ts'
import { findModulesFolder } from '../options/find-modules-folder.ts'
import { hideSecrets } from '../outcome/hide-secrets.ts'
import { sendable } from './login-text.ts'
import type { Outcome, UserUpdate } from '../outcome/outcome.ts'
import { outcomeOf, withUpdates } from '../outcome/outcome-of.ts'
import { programsOf } from './program.ts'
import { conditionsOf } from '../options/run-options.ts'
import { runRules } from './run-rules.ts'
import { saveMetadata } from './save-metadata.ts'
import { type UsersPort, answerCall } from '../ports/users-port.ts'

/** Rules that are ready to be tried. */
export interface Trial {
  readonly program: Program
  /** Tells its `global` from that of every other trial. */
  readonly global: string
  /** Of the rules' own folder. */
  readonly configuration: Readonly<Record<string, string>>
}

export interface TrialOptions {
  readonly secrets?: Readonly<Record<string, string>>
  readonly modulesFolder?: string
  /** Names that each login brings a value for; rules find it in their scope. */
  readonly names: readonly string[]
  /** Modules that each login brings. */
  readonly modules: readonly string[]
}

/** One login, and all that surrounds it. */
export interface TrialLogin {
  readonly user: User
  readonly context: LoginContext
  /** The time and the chance that rules find; the machine's where absent. */
  readonly conditions: Conditions
  readonly users: UsersPort
  readonly fetch: FetchPort
  /** Tells `{ names, modules }`. */
  readonly values: Told
  readonly stubs: StubPort
  /** Answers what rules wait for of the test's values. */
  readonly answer: (name: string, body: string) => PromiseLike<string>
}

/** Where rules are tried: an engine whose every login brings its own users, network and values of its test's. */
export interface Trials {
  /** @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET */
  prepare(rules: string | readonly RuleInput[], options: TrialOptions): Trial
  /** The same rules once more, with a `global` of their own. */
  again(trial: Trial): Trial
  /**
   * Begins a login. When this returns the rules have done what they do at once; `done` may have been called already.
   *
   * @throws {ClaimsmithError} INVALID_LOGIN
   */
  begin(trial: Trial, login: TrialLogin, done: (outcome: Outcome) => void, failed: (error: unknown) => void): void
  close(): void
}

export function createTrials(given: Partial<SandboxLimits> = {}): Trials {
  const limits = limitsOf(given)
  const onCoverage = coverageLog(process.env['CLAIMSMITH_COVERAGE'])
  const pool = createPool({ limits, network: { embedded: true }, line: true, onCoverage })
  let lastTrial = 0

  return {
    again: (trial) => ({ ...trial, global: `${++lastTrial}` }),

    prepare(rules, { secrets, modulesFolder, names, modules }) {
      const ruleset = loadRuleset({ rules, ...(secrets === undefined ? {} : { secrets }) })
      const offered = { folder: findModulesFolder(modulesFolder), host: {}, stubbed: { names, modules } }
      const program = programsOf(ruleset, offered)['post-login']
      return { program, configuration: ruleset.configuration, global: `${++lastTrial}` }
    },

    begin({ program, global }, login, done, failed) {
      const { user, context, users, fetch, values, stubs } = login
      const before = { user, context }
      const updates: UserUpdate[] = []
      const conditions = conditionsOf(login.conditions, limits)
      const sent = sendable(before, limits)
      const job: PoolJob = {
        program,
        login: sent.text,
        facts: JSON.stringify({ stubbed: { values, global } }),
        flow: undefined,
        ...(conditions === undefined ? {} : { conditions }),
        wallMs: limits.wallPerLoginMs,
        stubs,
        answer(name, body) {
          if (name === 'fetch') return answerRequest(fetch, body, 'the fetch option')
          return name.startsWith('users.') ? answerCall(users, name, body, updates) : login.answer(name, body)
        },
      }
      const names = program.rules.map(({ name }) => name)
      const end = (result: RunResult): void =>
        done(hideSecrets(withUpdates(outcomeOf(result, { before, sent }, names), updates), program))
      const endSaved = (result: RunResult): void => {
        if (result.metadata === undefined) end(result)
        else saveMetadata(users, user.user_id, result, updates).then(end, failed)
      }
      if (program.rules.some(({ onError }) => onError === 'skip')) runRules(pool, job).then(endSaved, failed)
      else pool.begin(job, endSaved, failed)
    },

    close: pool.close,
  }
}
