import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { LoginContext, LoginRequest } from '../profile/context.ts'
import type { RuleInput } from '../profile/rule.ts'
import { laidOver } from '../rules/laid-over.ts'
import { type Ruleset, loadRuleset } from '../rules/ruleset.ts'
import { type SandboxLimits, defaultLimits } from '../sandbox/limits.ts'
import { type FetchPort, answerRequest } from '../sandbox/embedder-fetch.ts'
import { hostCall } from '../sandbox/modules/host-shape.ts'
import { createPool } from '../sandbox/pool.ts'
import type { Flow } from '../sandbox/flow.ts'
import type { Program } from '../sandbox/protocol.ts'
import { hideSecrets } from './hide-secrets.ts'
import { type LoginInput, type UserAndContext, outcomeOf } from './outcome-of.ts'
import { type ClaimNames, claimNames } from './claim-names.ts'
import { type HostModules, answerModule, shapesOf } from './host-modules.ts'
import { textOfLogin } from './login-text.ts'
import { programsOf } from './program.ts'
import type { Outcome } from './outcome.ts'
import { type VersionedRules, type RulesPort, followRules } from './rules-port.ts'
import { runRules } from './run-rules.ts'
import { saveMetadata } from './save-metadata.ts'
import { type StatesPort, type SuspendedLogin, createMemoryStates } from './states-port.ts'
import { type ComingBack, canComeBack, lostState, resumption, suspend } from './suspend.ts'
import { type UsersPort, answerCall, tenantFacts } from './users-port.ts'

/** Limits of a login's rules and of their text; each has a default (README, "Limits"). */
export interface EngineLimits extends SandboxLimits {
  readonly maxSourceBytes: number
}

export interface EngineNetwork {
  /** Which private addresses `fetch` may reach: `['localhost:8080', '10.0.0.0/8']`. None by default. */
  readonly allow?: readonly string[]
  /** Answers every request of the rules, whichever way they make it: no connection is made, so `allow` has no say. */
  readonly fetch?: FetchPort
}

export interface EngineOptions {
  /** A folder of rules, or the rules themselves. */
  readonly rules: string | readonly RuleInput[]
  /** What rules find in `configuration`; it wins over the folder's own. */
  readonly configuration?: Readonly<Record<string, string>>
  /** Rules that are stored elsewhere. They run after `rules`; one takes the place of a rule of the same name. */
  readonly stored?: RulesPort
  /** Functions and data of your own that rules `require` by name; they run here, under the deadline of the login. */
  readonly modules?: HostModules
  /** Where `require` looks for packages after the rules' own folder: a folder that has a `node_modules`. */
  readonly modulesFolder?: string
  /** What actions find in `event.secrets`; it wins over an action's own. */
  readonly secrets?: Readonly<Record<string, string>>
  /** What stands behind `auth0.users.*`, and where the metadata goes that actions set. */
  readonly users?: UsersPort
  /** Where logins are kept while their users are elsewhere. By default in this process, and gone with it. */
  readonly states?: StatesPort
  readonly limits?: Partial<EngineLimits>
  readonly network?: EngineNetwork
  /** `hardened` (default): frozen builtins, clean for every login. `fresh`: builtins that rules may change, at some 0.5 ms a login. */
  readonly realm?: 'hardened' | 'fresh'
  /** What a rule that fails does to the login, where the rule itself does not say. Default `deny`. */
  readonly onError?: 'deny' | 'skip'
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
}

export interface RunOptions {
  /** The time of all rules of this login, where it is to be shorter than `limits.wallPerLoginMs`. */
  readonly wallMs?: number
}

/** How a login is run: from where on, with what the embedder wants back, and how long. */
interface Manner extends RunOptions {
  readonly flow?: Flow
  readonly carry?: unknown
}

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
  resume(state: string | SuspendedLogin, request?: LoginRequest, back?: ComingBack): Promise<Outcome>
  /** Runs the actions that export `onExecuteCredentialsExchange`: a client asks for a token, and no user logs in. */
  exchangeCredentials(login: { readonly context: LoginContext }): Promise<Outcome>
  /**
   * Swaps the rules, whole: logins under way end on the rules they began with. A new `configuration` goes with them.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET, and the rules stay what they were
   */
  replace(rules: string | readonly RuleInput[], configuration?: EngineOptions['configuration']): Promise<void>
  /** The claims that the rules of the moment set, as far as their text shows it: what an auth server may have to declare. */
  claimNames(): ClaimNames
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
  const { allow = [], fetch: port } = options.network ?? {}
  const { users = {}, states = createMemoryStates(), clock = Date.now } = options
  let own = load(options.rules, options.configuration)
  let stored = options.stored?.initial
  const modules = options.modules ?? {}
  const offered = { folder: options.modulesFolder, host: shapesOf(modules) }
  let programs = programsOf(whole(own, stored), offered)
  const follow = options.stored && followRules(options.stored, (rules) => adopt(own, rules))
  let closing: Promise<void> | undefined
  const underWay = new Set<Promise<unknown>>()
  const pool = createPool({ limits, network: { allow, embedded: port !== undefined } })

  function load(rules: string | readonly RuleInput[], configuration: EngineOptions['configuration']): Ruleset {
    const { secrets, onError, realm } = options
    return loadRuleset({
      rules,
      maxSourceBytes: limits.maxSourceBytes,
      ...(configuration === undefined ? {} : { configuration }),
      ...(secrets === undefined ? {} : { secrets }),
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
    programs = programsOf(whole(ruleset, further), offered)
    own = ruleset
    stored = further
  }

  /** Begins with the rules as they are at the call; where they are stored elsewhere, as they are there. */
  async function withProgram<T>(trigger: Program['trigger'], begin: (program: Program) => Promise<T>): Promise<T> {
    if (follow !== undefined) await follow()
    return begin(programs[trigger])
  }

  async function runWith(program: Program, before: UserAndContext, how: Manner): Promise<Outcome> {
    const { flow, carry, wallMs = limits.wallPerLoginMs } = how
    const login = textOfLogin(before, limits)
    const rules = flow === undefined ? program.rules : program.rules.slice(flow.first)
    const wantsToken = rules.some(({ kind, expression }) => kind === 'rule' && mayReadToken.test(expression))
    const facts = await tenantFacts(users, wantsToken)
    const answer = (name: string, body: string): Promise<string> => {
      if (name === 'fetch' && port !== undefined) return answerRequest(port, body)
      return name.startsWith(hostCall) ? answerModule(modules, name, body) : answerCall(users, name, body)
    }
    const ran = await runRules(pool, {
      program,
      login,
      facts,
      flow,
      answer,
      wallMs: Math.min(wallMs, limits.wallPerLoginMs),
    })
    const result = await saveMetadata(users, before.user.user_id, ran)
    const names = rules.map(({ name }) => name)
    const outcome = hideSecrets(outcomeOf(result, before, names), program)
    const isSuspended = outcome.outcome === 'redirect' || result.suspended !== undefined
    if (!isSuspended || !canComeBack(before.context)) return outcome
    const suspended = suspend({ login, before, flow, carry }, result, clock())
    await states.save(suspended)
    return { ...outcome, state: suspended.state }
  }

  async function resume(given: string | SuspendedLogin, request: LoginRequest, back: ComingBack): Promise<Outcome> {
    const suspended = typeof given === 'string' ? await states.take(given) : given
    if (suspended === undefined) throw lostState('it is unknown, or was used before')
    if (suspended.expiresAtMs <= clock()) throw lostState('it is expired')
    return withProgram('post-login', (program) => {
      const { login, flow } = resumption(suspended, program, { ...back, request, nowMs: clock() })
      return runWith(program, login, { flow, carry: suspended.carry })
    })
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
    async run(login, runOptions = {}) {
      assertOpen()
      const { user, context = {}, carry } = login
      return track(
        withProgram('post-login', (program) => runWith(program, { user, context }, { carry, ...runOptions })),
      )
    },
    async resume(state, request = {}, back = {}) {
      assertOpen()
      return track(resume(state, request, back))
    },
    async exchangeCredentials({ context }) {
      assertOpen()
      return track(withProgram('credentials-exchange', (program) => runWith(program, { user: {}, context }, {})))
    },
    // oxlint-disable-next-line require-await -- a rule's syntax error must come as a rejection
    async replace(rules, configuration = options.configuration) {
      assertOpen()
      adopt(load(rules, configuration), stored)
    },
    claimNames: () => claimNames(whole(own, stored)),
    close: () => (closing ??= end()),
  }
}

/** A rule that names `auth0.accessToken`, or hands `auth0` itself to somebody who may. */
const mayReadToken = /accessToken|\bauth0\b(?![.'"`@|/-])/
