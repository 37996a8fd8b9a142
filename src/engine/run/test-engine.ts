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

/** Rules that are ready to be tried. */
export interface TestProgram {
  readonly program: Program
  /** Tells its `global` from that of every other trial. */
  readonly global: string
  /** Of the rules' own folder. */
  readonly configuration: Readonly<Record<string, string>>
}

export interface TestProgramOptions {
  readonly secrets?: Readonly<Record<string, string>>
  readonly modulesFolder?: string
  /** Names that each login brings a value for; rules find it in their scope. */
  readonly names: readonly string[]
  /** Modules that each login brings. */
  readonly modules: readonly string[]
}

/** One login, and all that surrounds it. */
export interface TestRunInput {
  readonly user: User
  readonly context: LoginContext
  /** The time and the chance that rules find; the machine's where absent. */
  readonly options: Pick<RunOptions, 'time' | 'seed'>
  readonly users: UsersPort
  readonly fetch: FetchPort
  /** Tells `{ names, modules }`. */
  readonly values: SerializedValue
  readonly stubs: StubPort
  /** Answers what rules wait for of the test's values. */
  readonly answer: (name: string, body: string) => PromiseLike<string>
}

/** Where rules are tried: an engine whose every login brings its own users, network and values of its test's. */
export interface TestEngine {
  /** @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET */
  prepare(rules: string | readonly RuleInput[], options: TestProgramOptions): TestProgram
  /** The same rules once more, with a `global` of their own. */
  resetGlobal(testProgram: TestProgram): TestProgram
  /**
   * Begins a login. When this returns the rules have done what they do at once; `done` may have been called already.
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
