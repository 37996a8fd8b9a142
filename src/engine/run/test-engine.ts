import type { LoginContext } from '../../profile/context/context.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { User } from '../../profile/user/user.ts'
import { loadRuleset } from '../../rules/ruleset/ruleset.ts'
import { type FetchPort, answerRequest } from '../../sandbox/net/host/embedder-fetch.ts'
import type { SandboxLimits } from '../../sandbox/wire/limits.ts'
import { createPool } from '../../sandbox/host/pool.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { StubPort } from '../../sandbox/wire/stub-port.ts'
import type { SerializedValue } from '../../sandbox/wire/serialize.ts'
import { createCoverageLog } from './coverage-log.ts'
import { resolveLimits } from '../options/engine-limits.ts'
import { findModulesFolder } from '../options/find-modules-folder.ts'
import { encodeLogin } from './encode-login.ts'
import type { Outcome } from '../outcome/outcome.ts'
import { buildPrograms } from './program.ts'
import { type RunOptions, buildRunOverrides } from '../options/run-options.ts'
import { type PreparedLogin, runLogin } from './run-login.ts'
import type { UsersPort } from '../ports/users-port.ts'

/** Rules that a test can run. */
export interface TestProgram {
  readonly program: Program
  /** Identifies its `global`, which other programs do not share. */
  readonly global: string
  /** The configuration of the rules' folder. */
  readonly configuration: Readonly<Record<string, string>>
}

export interface TestProgramOptions {
  readonly secrets?: Readonly<Record<string, string>>
  readonly modulesFolder?: string
  /** Names in the scope of the rules; each login provides their values. */
  readonly names: readonly string[]
  /** Modules that each login provides. */
  readonly modules: readonly string[]
}

/** One login of a test, with its environment. */
export interface TestRunInput {
  readonly user: User
  readonly context: LoginContext
  /** The time and the randomness of the rules. Default: the machine's. */
  readonly options: Pick<RunOptions, 'time' | 'seed'>
  readonly users: UsersPort
  readonly fetch: FetchPort
  /** `{ names, modules }`, serialized. */
  readonly values: SerializedValue
  readonly stubs: StubPort
  /** Answers operations on the test's values that rules wait for. */
  readonly answer: (name: string, body: string) => PromiseLike<string>
}

/** Runs the rules of tests. Each login brings its own users, network and values. */
export interface TestEngine {
  /** @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET */
  prepare(rules: string | readonly RuleInput[], options: TestProgramOptions): TestProgram
  /** The same rules with a new `global`. */
  resetGlobal(testProgram: TestProgram): TestProgram
  /**
   * Begins a login. When this returns, the synchronous part of the rules has run, and `resolve` may have been called.
   *
   * @throws {ClaimsmithError} INVALID_LOGIN
   */
  begin(
    testProgram: TestProgram,
    login: TestRunInput,
    resolve: (outcome: Outcome) => void,
    reject: (error: unknown) => void,
  ): void
  close(): void
}

export function createTestEngine(limitOptions: Partial<SandboxLimits> = {}): TestEngine {
  const limits = resolveLimits(limitOptions)
  const onCoverage = createCoverageLog(process.env['CLAIMSMITH_COVERAGE'])
  const pool = createPool({ limits, network: { hasFetch: true }, hasSyncChannel: true, onCoverage })
  let lastGlobalId = 0

  return {
    resetGlobal: (testProgram) => ({ ...testProgram, global: `${++lastGlobalId}` }),

    prepare(rules, { secrets, modulesFolder, names, modules }) {
      const ruleset = loadRuleset({ rules, ...(secrets === undefined ? {} : { secrets }) })
      const availableModules = { folder: findModulesFolder(modulesFolder), host: {}, stubs: { names, modules } }
      const program = buildPrograms(ruleset, availableModules)['post-login']
      return { program, configuration: ruleset.configuration, global: `${++lastGlobalId}` }
    },

    begin({ program, global }, login, resolve, reject) {
      const { user, context, users, fetch, values, stubs, options } = login
      const before = { user, context }
      const prepared: PreparedLogin = {
        program,
        before,
        encoded: encodeLogin(before, limits),
        input: {
          tenant: JSON.stringify({ stubbed: { values, global } }),
          resumePoint: undefined,
          overrides: buildRunOverrides(options, limits),
          wallMs: limits.wallPerLoginMs,
        },
        users,
        answer: (name, body) =>
          name === 'fetch' ? answerRequest(fetch, body, 'the fetch option') : login.answer(name, body),
        stubs,
      }
      runLogin(pool, prepared, ({ outcome }) => resolve(outcome), reject)
    },

    close: pool.close,
  }
}
