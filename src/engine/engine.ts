import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { RuleInput } from '../profile/rule.ts'
import { laidOver } from '../rules/laid-over.ts'
import { type Ruleset, loadRuleset } from '../rules/ruleset.ts'
import { type CodecFault, encode, encodeMarked } from '../sandbox/codec.ts'
import { type SandboxLimits, defaultLimits } from '../sandbox/limits.ts'
import { isPlainTree } from '../sandbox/plain-tree.ts'
import { createPool } from '../sandbox/pool.ts'
import type { NetworkOptions } from '../sandbox/protocol.ts'
import { type LoginInput, outcomeOf } from './outcome-of.ts'
import { programOf } from './program.ts'
import type { Outcome } from './outcome.ts'
import { type VersionedRules, type RulesPort, followRules } from './rules-port.ts'
import { runRules } from './run-rules.ts'
import { type UsersPort, answerCall, tenantFacts } from './users-port.ts'

/** Limits of a login's rules and of their text; each has a default (README, "Limits"). */
export interface EngineLimits extends SandboxLimits {
  readonly maxSourceBytes: number
}

export interface EngineOptions {
  /** A folder of rules, or the rules themselves. */
  readonly rules: string | readonly RuleInput[]
  /** What rules find in `configuration`; it wins over the folder's own. */
  readonly configuration?: Readonly<Record<string, string>>
  /** Rules that are stored elsewhere. They run after `rules`; one takes the place of a rule of the same name. */
  readonly stored?: RulesPort
  /** Where `require` looks for packages after the rules' own folder: a folder that has a `node_modules`. */
  readonly modulesFolder?: string
  /** What stands behind `auth0.users.*`. */
  readonly users?: UsersPort
  readonly limits?: Partial<EngineLimits>
  /** Which private addresses `fetch` may reach: `{ allow: ['localhost:8080', '10.0.0.0/8'] }`. None by default. */
  readonly network?: NetworkOptions
  /** `hardened` (default): frozen builtins, clean for every login. `fresh`: builtins that rules may change, at some 0.5 ms a login. */
  readonly realm?: 'hardened' | 'fresh'
  /** What a rule that fails does to the login, where the rule itself does not say. Default `deny`. */
  readonly onError?: 'deny' | 'skip'
}

export interface Engine {
  /**
   * Runs the rules over one login. Resolves to an outcome whatever the rules do.
   *
   * @throws {ClaimsmithError} ENGINE_CLOSED; INVALID_LOGIN where `user` or `context` is no plain data; SANDBOX_FAILED
   */
  run(login: LoginInput): Promise<Outcome>
  /**
   * Swaps the rules, whole: logins under way end on the rules they began with.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET, and the rules stay what they were
   */
  replace(rules: string | readonly RuleInput[]): Promise<void>
  /** Waits for the logins under way, then ends the workers. */
  close(): Promise<void>
}

/**
 * Makes an engine: it loads the rules, and starts the worker processes that run them.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX with file, line and column, or INVALID_RULESET
 */
export function createEngine(options: EngineOptions): Engine {
  const limits: EngineLimits = { ...defaultLimits, maxSourceBytes: 100_000, ...options.limits }
  const users = options.users ?? {}
  let own = load(options.rules, options.configuration)
  let stored = options.stored?.initial
  let program = programOf(whole(own, stored), options.modulesFolder)
  const follow = options.stored && followRules(options.stored, (rules) => adopt(own, rules))
  let closing: Promise<void> | undefined
  const underWay = new Set<Promise<unknown>>()
  const pool = createPool({ limits, network: options.network ?? {} })

  function load(rules: string | readonly RuleInput[], configuration: EngineOptions['configuration']): Ruleset {
    const { onError, realm } = options
    return loadRuleset({
      rules,
      maxSourceBytes: limits.maxSourceBytes,
      ...(configuration === undefined ? {} : { configuration }),
      ...(onError === undefined ? {} : { onError }),
      ...(realm === undefined ? {} : { realm }),
    })
  }

  function whole(ruleset: Ruleset, further: VersionedRules | undefined): Ruleset {
    if (further === undefined) return ruleset
    return laidOver(ruleset, load(further.rules, further.configuration), further.rules)
  }

  /** All or nothing: what cannot run throws before anything has changed. */
  function adopt(ruleset: Ruleset, further: VersionedRules | undefined): void {
    program = programOf(whole(ruleset, further), options.modulesFolder)
    own = ruleset
    stored = further
  }

  async function runLogin({ user, context = {} }: LoginInput): Promise<Outcome> {
    const before = { user, context }
    const login = toWire(before, limits)
    if (follow !== undefined) await follow()
    const current = program
    const facts = await tenantFacts(
      users,
      current.rules.some(({ expression }) => expression.includes('accessToken')),
    )
    const answer = (name: string, body: string): Promise<string> => answerCall(users, name, body)
    const result = await runRules(pool, { program: current, login, facts, answer })
    return outcomeOf(
      result,
      before,
      current.rules.map(({ name }) => name),
    )
  }

  /** A login counts as under way from the call of `run` on, so that `close` waits for it. */
  function track<T>(login: Promise<T>): Promise<T> {
    const forget = (): boolean => underWay.delete(login)
    underWay.add(login)
    login.then(forget, forget)
    return login
  }

  async function end(): Promise<void> {
    await Promise.allSettled(underWay)
    pool.close()
  }

  function assertOpen(): void {
    if (closing !== undefined) throw new ClaimsmithError('ENGINE_CLOSED', 'the engine is closed; create another one')
  }

  return {
    async run(login) {
      assertOpen()
      return track(runLogin(login))
    },
    // oxlint-disable-next-line require-await -- a rule's syntax error must come as a rejection
    async replace(rules) {
      assertOpen()
      adopt(load(rules, options.configuration), stored)
    },
    close: () => (closing ??= end()),
  }
}

function toWire(login: Required<LoginInput>, limits: EngineLimits): string {
  for (const part of ['user', 'context'] as const) {
    if (typeof login[part] !== 'object' || login[part] === null || Array.isArray(login[part])) {
      throw new ClaimsmithError('INVALID_LOGIN', `login.${part} is not an object; give { user: {…}, context: {…} }`)
    }
  }
  const both = { user: login.user, context: login.context }
  const codecLimits = { maxDepth: limits.maxDepth + 1, maxLength: limits.maxOutputBytes }
  try {
    return isPlainTree(both, codecLimits.maxDepth)
      ? encodeMarked(both, undefined, codecLimits)
      : encode(both, codecLimits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    if (fault === undefined) throw error
    throw new ClaimsmithError('INVALID_LOGIN', `the login cannot be given to rules: ${fault}`, { cause: error })
  }
}
