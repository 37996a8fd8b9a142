import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { LoginContext, LoginRequest } from '../profile/context/context.ts'
import type { RuleInput } from '../profile/rule/rule.ts'
import { laidOver } from '../rules/ruleset/laid-over.ts'
import { type Ruleset, loadRuleset } from '../rules/ruleset/ruleset.ts'
import { answerRequest } from '../sandbox/net/host/embedder-fetch.ts'
import { hostCall } from '../sandbox/wire/host-shape.ts'
import { createPool } from '../sandbox/host/pool.ts'
import type { Program, RunResult } from '../sandbox/wire/protocol.ts'
import { limitsOf } from './options/engine-limits.ts'
import type { EngineOptions } from './options/engine-options.ts'
import { hideSecrets } from './outcome/hide-secrets.ts'
import { coverageLog } from './run/coverage-log.ts'
import { type LoginInput, outcomeOf, withUpdates } from './outcome/outcome-of.ts'
import { type ClaimNames, claimNames } from './outcome/claim-names.ts'
import { portsOf } from './run/dry-run.ts'
import { findModulesFolder } from './options/find-modules-folder.ts'
import { answerModule, shapesOf } from './run/host-modules.ts'
import { type UserAndContext, sendable } from './run/login-text.ts'
import { programsOf } from './run/program.ts'
import type { Outcome, UserUpdate } from './outcome/outcome.ts'
import { assertEngineOptions } from './options/known-options.ts'
import { type VersionedRules, followRules } from './ports/rules-port.ts'
import { type RunOptions, conditionsOf } from './options/run-options.ts'
import { runRules } from './run/run-rules.ts'
import { saveMetadata } from './run/save-metadata.ts'
import { type SuspendedLogin, createMemoryStates } from './ports/states-port.ts'
import { type ComingBack, canComeBack, lostState, resumption, suspend } from './run/suspend.ts'
import { answerCall, tenantFacts } from './ports/users-port.ts'
import { watchLogin } from './run/watch-login.ts'

/** How a login is run, and what the embedder wants back when it goes on. */
interface Manner extends RunOptions {
  readonly carry?: unknown
}

/** The rules of the moment: the engine's own, those that are stored elsewhere, and what both come to. */
interface Rules {
  readonly own: Ruleset
  readonly stored: VersionedRules | undefined
  readonly ruleset: Ruleset
  readonly programs: ReturnType<typeof programsOf>
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
  exchangeCredentials(login: { readonly context: LoginContext }, options?: RunOptions): Promise<Outcome>
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
 * @throws {ClaimsmithError} RULE_SYNTAX with file, line and column, INVALID_RULESET, INVALID_ARGUMENT, or SANDBOX_FAILED if
 * isolated-vm is not installed or has no binary for this Node.js
 */
export function createEngine(options: EngineOptions): Engine {
  assertEngineOptions(options)
  const { inspector } = options
  const limits = limitsOf(options.limits, inspector !== undefined)
  const { allow = [], fetch: port } = options.network ?? {}
  const { states = createMemoryStates(), clock = Date.now, record } = options
  const modules = options.modules ?? {}
  const offered = {
    folder: findModulesFolder(options.modulesFolder),
    host: shapesOf(modules),
    inspect: inspector !== undefined,
  }
  let closing: Promise<void> | undefined
  let underWay = 0
  let onNoneUnderWay: (() => void) | undefined
  const onCoverage = coverageLog(process.env['CLAIMSMITH_COVERAGE'])
  const network = { allow, embedded: port !== undefined }
  // Workers take longer to start than rules to be read: that is done meanwhile.
  const pool = createPool({ limits, network, onCoverage, onInspected: inspector?.onMessage })
  let current = firstRules()
  const follow = options.stored && followRules(options.stored, (rules) => adopt(current.own, rules))
  inspector?.connect(pool.inspectRules)

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

  function whole(base: Ruleset, further: VersionedRules | undefined): Ruleset {
    if (further === undefined) return base
    return laidOver(base, load(further.rules, further.configuration), further.rules)
  }

  function firstRules(): Rules {
    try {
      return rulesOf(load(options.rules, options.configuration), options.stored?.initial)
    } catch (error) {
      pool.close()
      throw error
    }
  }

  function rulesOf(own: Ruleset, stored: VersionedRules | undefined): Rules {
    const ruleset = whole(own, stored)
    return { own, stored, ruleset, programs: programsOf(ruleset, offered) }
  }

  /** All or nothing: what cannot run throws before anything has changed. */
  function adopt(own: Ruleset, stored: VersionedRules | undefined): void {
    current = rulesOf(own, stored)
  }

  /** Begins with the rules as they are at the call; where they are stored elsewhere, as they are there. */
  async function withProgram<T>(trigger: Program['trigger'], begin: (program: Program) => Promise<T>): Promise<T> {
    if (follow !== undefined) await follow()
    return begin(current.programs[trigger])
  }

  async function runWith(program: Program, before: UserAndContext, how: Manner): Promise<Outcome> {
    const { flow, carry, wallMs = limits.wallPerLoginMs } = how
    const sent = sendable(before, limits)
    const { text: login } = sent
    const conditions = conditionsOf(how, limits)
    const about = { ruleset: current.ruleset, program, modules: offered.host, login, flow, conditions, atMs: clock() }
    const watch = watchLogin(how.dry === true ? undefined : record, about)
    const ports = portsOf({ users: options.users ?? {}, modules }, before.user, how)
    const users = watch.users(ports.users)
    const rules = flow === undefined ? program.rules : program.rules.slice(flow.first)
    const facts = await tenantFacts(users, rules)
    const updates: UserUpdate[] = []
    const answer = (name: string, body: string): Promise<string> => {
      if (name === 'fetch' && port !== undefined) return answerRequest(port, body)
      return name.startsWith(hostCall)
        ? answerModule(ports.modules, name, body)
        : answerCall(users, name, body, updates)
    }
    const ran = await runRules(pool, {
      program,
      login,
      facts,
      flow,
      ...watch.terms,
      answer: watch.answer(answer),
      wallMs: Math.min(wallMs, limits.wallPerLoginMs),
    })
    const result = await saveMetadata(users, before.user.user_id, ran, updates)
    const names = rules.map(({ name }) => name)
    const outcome = hideSecrets(withUpdates(outcomeOf(result, { before, sent }, names), updates), program)
    const isSuspended = how.dry !== true && (outcome.outcome === 'redirect' || result.suspended !== undefined)
    const suspended = isSuspended ? suspendedOf({ login, before, flow, carry }, result) : undefined
    if (suspended !== undefined) await states.save(suspended)
    const told = suspended === undefined ? outcome : { ...outcome, state: suspended.state }
    const recording = watch.end(ran, told)
    if (recording !== undefined) void track(recording)
    return told
  }

  function suspendedOf(begun: Parameters<typeof suspend>[0], result: RunResult): SuspendedLogin | undefined {
    return canComeBack(begun.before.context) ? suspend(begun, result, clock()) : undefined
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
    underWay++
    login.then(forget, forget)
    return login
  }

  function forget(): void {
    if (--underWay === 0) onNoneUnderWay?.()
  }

  async function end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    onNoneUnderWay = resolve
    if (underWay > 0) await promise
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
    async exchangeCredentials({ context }, runOptions = {}) {
      assertOpen()
      return track(
        withProgram('credentials-exchange', (program) => runWith(program, { user: {}, context }, runOptions)),
      )
    },
    // oxlint-disable-next-line require-await -- a rule's syntax error must come as a rejection
    async replace(rules, configuration = options.configuration) {
      assertOpen()
      adopt(load(rules, configuration), current.stored)
    },
    claimNames: () => claimNames(current.ruleset),
    close: () => (closing ??= end()),
  }
}
