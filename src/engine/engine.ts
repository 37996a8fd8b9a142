import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { LoginRequest } from '../profile/context/context.ts'
import type { RuleInput } from '../profile/rule/rule.ts'
import { mergeRulesets } from '../rules/ruleset/merge-rulesets.ts'
import { type Ruleset, loadRuleset } from '../rules/ruleset/ruleset.ts'
import { answerRequest } from '../sandbox/net/host/embedder-fetch.ts'
import { hostCallPrefix } from '../sandbox/wire/host-shape.ts'
import { createPool } from '../sandbox/host/pool.ts'
import type { Program, RunResult } from '../sandbox/wire/protocol.ts'
import { resolveLimits } from './options/engine-limits.ts'
import type { EngineOptions } from './options/engine-options.ts'
import { hideSecrets } from './outcome/hide-secrets.ts'
import { createCoverageLog } from './run/coverage-log.ts'
import { toOutcome, addUpdates } from './outcome/to-outcome.ts'
import { listClaimNames } from './outcome/list-claim-names.ts'
import { resolvePorts } from './run/dry-run.ts'
import { findModulesFolder } from './options/find-modules-folder.ts'
import { answerModule, buildHostShapes } from './run/host-modules.ts'
import { type UserAndContext, encodeLogin } from './run/encode-login.ts'
import { buildPrograms } from './run/program.ts'
import type { Outcome, UserUpdate } from './outcome/outcome.ts'
import { assertEngineOptions } from './options/known-options.ts'
import { type VersionedRules, createRuleRefresher } from './ports/rule-source.ts'
import type { Engine } from './ports/engine.ts'
import { type RunOptions, buildRunOverrides } from './options/run-options.ts'
import { runRules } from './run/run-rules.ts'
import { saveMetadata } from './run/save-metadata.ts'
import { type SuspendedLogin, createMemorySuspendedLoginStore } from './ports/suspended-login-store.ts'
import { type ResumeInput, canResume, createInvalidStateError, prepareResume, suspend } from './run/suspend.ts'
import { answerCall, serializeTenantInfo } from './ports/users-port.ts'
import { recordRun } from './run/record-run.ts'

/** How a login is run, and what the embedder wants back when it goes on. */
interface EngineRunOptions extends RunOptions {
  readonly metadata?: unknown
}

/** The rules of the moment: the engine's own, those that are stored elsewhere, and what both come to. */
interface ActiveRules {
  readonly ownRuleset: Ruleset
  readonly storedRules: VersionedRules | undefined
  readonly ruleset: Ruleset
  readonly programs: ReturnType<typeof buildPrograms>
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
  const limits = resolveLimits(options.limits, inspector !== undefined)
  const { allow = [], fetch: fetchPort } = options.network ?? {}
  const { suspendedLogins = createMemorySuspendedLoginStore(), clock = Date.now, record } = options
  const modules = options.modules ?? {}
  const availableModules = {
    folder: findModulesFolder(options.modulesFolder),
    host: buildHostShapes(modules),
    isInspected: inspector !== undefined,
  }
  let closing: Promise<void> | undefined
  let activeRuns = 0
  let onIdle: (() => void) | undefined
  const onCoverage = createCoverageLog(process.env['CLAIMSMITH_COVERAGE'])
  const network = { allow, hasFetch: fetchPort !== undefined }
  // Workers take longer to start than rules to be read: that is done meanwhile.
  const pool = createPool({ limits, network, onCoverage, onInspected: inspector?.onMessage })
  let current = loadInitialRules()
  const refreshRules =
    options.ruleSource && createRuleRefresher(options.ruleSource, (rules) => activateRules(current.ownRuleset, rules))
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

  function applyStoredRules(base: Ruleset, storedRules: VersionedRules | undefined): Ruleset {
    if (storedRules === undefined) return base
    return mergeRulesets(base, load(storedRules.rules, storedRules.configuration), storedRules.rules)
  }

  function loadInitialRules(): ActiveRules {
    try {
      return buildRules(load(options.rules, options.configuration), options.ruleSource?.initial)
    } catch (error) {
      pool.close()
      throw error
    }
  }

  function buildRules(ownRuleset: Ruleset, storedRules: VersionedRules | undefined): ActiveRules {
    const ruleset = applyStoredRules(ownRuleset, storedRules)
    return { ownRuleset, storedRules, ruleset, programs: buildPrograms(ruleset, availableModules) }
  }

  /** All or nothing: what cannot run throws before anything has changed. */
  function activateRules(ownRuleset: Ruleset, storedRules: VersionedRules | undefined): void {
    current = buildRules(ownRuleset, storedRules)
  }

  /** Begins with the rules as they are at the call; where they are stored elsewhere, as they are there. */
  async function withProgram<T>(trigger: Program['trigger'], begin: (program: Program) => Promise<T>): Promise<T> {
    if (refreshRules !== undefined) await refreshRules()
    return begin(current.programs[trigger])
  }

  async function runProgram(program: Program, before: UserAndContext, runOptions: EngineRunOptions): Promise<Outcome> {
    const { resumePoint, metadata, wallMs = limits.wallPerLoginMs } = runOptions
    const encoded = encodeLogin(before, limits)
    const { text: login } = encoded
    const overrides = buildRunOverrides(runOptions, limits)
    const recorderInput = {
      ruleset: current.ruleset,
      program,
      modules: availableModules.host,
      login,
      resumePoint,
      overrides,
      atMs: clock(),
    }
    const recorder = recordRun(runOptions.dry === true ? undefined : record, recorderInput)
    const ports = resolvePorts({ users: options.users ?? {}, modules }, before.user, runOptions)
    const users = recorder.users(ports.users)
    const rules = resumePoint === undefined ? program.rules : program.rules.slice(resumePoint.ruleIndex)
    const tenant = await serializeTenantInfo(users, rules)
    const updates: UserUpdate[] = []
    const answer = (name: string, body: string): Promise<string> => {
      if (name === 'fetch' && fetchPort !== undefined) return answerRequest(fetchPort, body)
      return name.startsWith(hostCallPrefix)
        ? answerModule(ports.modules, name, body)
        : answerCall(users, name, body, updates)
    }
    const runResult = await runRules(pool, {
      program,
      input: {
        login,
        tenant,
        resumePoint,
        overrides: recorder.overrides,
        wallMs: Math.min(wallMs, limits.wallPerLoginMs),
      },
      onExchange: recorder.onExchange,
      answer: recorder.answer(answer),
    })
    const result = await saveMetadata(users, before.user.user_id, runResult, updates)
    const names = rules.map(({ name }) => name)
    const outcome = hideSecrets(addUpdates(toOutcome(result, { before, encoded }, names), updates), program)
    const isSuspended = runOptions.dry !== true && (outcome.outcome === 'redirect' || result.suspended !== undefined)
    const suspendedLogin = isSuspended
      ? createSuspendedLogin({ login, before, resumePoint, metadata }, result)
      : undefined
    if (suspendedLogin !== undefined) await suspendedLogins.save(suspendedLogin)
    const finalOutcome = suspendedLogin === undefined ? outcome : { ...outcome, state: suspendedLogin.state }
    const recording = recorder.end(runResult, finalOutcome)
    if (recording !== undefined) void track(recording)
    return finalOutcome
  }

  function createSuspendedLogin(run: Parameters<typeof suspend>[0], result: RunResult): SuspendedLogin | undefined {
    return canResume(run.before.context) ? suspend(run, result, clock()) : undefined
  }

  async function resume(
    stateOrLogin: string | SuspendedLogin,
    request: LoginRequest,
    input: ResumeInput,
  ): Promise<Outcome> {
    const suspendedLogin = typeof stateOrLogin === 'string' ? await suspendedLogins.take(stateOrLogin) : stateOrLogin
    if (suspendedLogin === undefined) throw createInvalidStateError('it is unknown, or was used before')
    if (suspendedLogin.expiresAtMs <= clock()) throw createInvalidStateError('it is expired')
    return withProgram('post-login', (program) => {
      const { login, resumePoint } = prepareResume(suspendedLogin, program, { ...input, request, nowMs: clock() })
      return runProgram(program, login, { resumePoint, metadata: suspendedLogin.metadata })
    })
  }

  /** A login counts as under way from the call of `run` on, so that `close` waits for it. */
  function track<T>(login: Promise<T>): Promise<T> {
    activeRuns++
    login.then(forget, forget)
    return login
  }

  function forget(): void {
    if (--activeRuns === 0) onIdle?.()
  }

  async function end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    onIdle = resolve
    if (activeRuns > 0) await promise
    pool.close()
  }

  function assertOpen(): void {
    if (closing !== undefined) throw new ClaimsmithError('ENGINE_CLOSED', 'the engine is closed; create another one')
  }

  return {
    async run(login, runOptions = {}) {
      assertOpen()
      const { user, context = {}, metadata } = login
      return track(
        withProgram('post-login', (program) => runProgram(program, { user, context }, { metadata, ...runOptions })),
      )
    },
    async resume(state, request = {}, input = {}) {
      assertOpen()
      return track(resume(state, request, input))
    },
    async exchangeCredentials({ context }, runOptions = {}) {
      assertOpen()
      return track(
        withProgram('credentials-exchange', (program) => runProgram(program, { user: {}, context }, runOptions)),
      )
    },
    // oxlint-disable-next-line require-await -- a rule's syntax error must come as a rejection
    async replace(rules, configuration = options.configuration) {
      assertOpen()
      activateRules(load(rules, configuration), current.storedRules)
    },
    listClaimNames: () => listClaimNames(current.ruleset),
    close: () => (closing ??= end()),
  }
}
