import { createPool } from '../sandbox/host/pool.ts'
import { resolveLimits } from './options/engine-limits.ts'
import type { Program } from '../sandbox/wire/protocol.ts'
import type { EngineOptions } from './options/engine-options.ts'
import { findModulesFolder } from './options/find-modules-folder.ts'
import { assertEngineOptions } from './options/known-options.ts'
import { toNetworkOptions } from './options/network-options.ts'
import { listClaimNames } from './outcome/list-claim-names.ts'
import type { Engine } from './ports/engine.ts'
import { type RuleHolder, createRuleHolder } from './run/active-rules.ts'
import { createCoverageLog } from './run/coverage-log.ts'
import { createEngineLifetime } from './run/engine-lifetime.ts'
import { createEngineLogins } from './run/engine-logins.ts'
import { buildHostShapes } from './run/host-modules.ts'
import { createMemorySuspendedLoginStore } from './run/memory-suspended-login-store.ts'

/**
 * Creates an engine: loads the rules, and starts the worker processes that run them.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX with file, line and column, INVALID_RULESET, INVALID_ARGUMENT, or SANDBOX_FAILED if
 * isolated-vm is not installed or has no binary for this Node.js, or if one of them has a known hole
 *
 * @example
 * const engine = createEngine({ rules: 'rules', configuration: { DOMAIN: 'example.com' } })
 * const outcome = await engine.run({ user: { user_id: 'auth0|1', email: 'ada@example.com' } })
 * await engine.close()
 */
export function createEngine(options: EngineOptions): Engine {
  assertEngineOptions(options)
  const { inspector, modules = {}, network = {}, clock = Date.now } = options
  const limits = resolveLimits(options.limits, inspector !== undefined)
  const hostShapes = buildHostShapes(modules)
  const folder = findModulesFolder(options.modulesFolder)
  // Workers take longer to start than rules take to load.
  const pool = createPool({
    limits,
    network: toNetworkOptions(network),
    onCoverage: createCoverageLog(process.env['CLAIMSMITH_COVERAGE']),
    onInspected: inspector?.onMessage,
    launch: options.worker,
    onSnapshotFailed: options.snapshots === false ? undefined : warnOfSnapshot,
  })
  const lifetime = createEngineLifetime(pool.close)
  const rules = loadRules()
  const { suspendedLogins = createMemorySuspendedLoginStore() } = options
  const { track } = lifetime
  const logins = createEngineLogins(
    { ...options, network, pool, limits, modules, hostShapes, suspendedLogins, clock, track },
    rules,
  )
  inspector?.connect(pool.inspectRules)

  function loadRules(): RuleHolder {
    try {
      const { moduleState } = options
      const availableModules = { folder, host: hostShapes, moduleState, isInspected: inspector !== undefined }
      return createRuleHolder(options, limits.maxSourceBytes, availableModules, ({ programs }) =>
        pool.prepare(Object.values(programs)),
      )
    } catch (error) {
      pool.close()
      throw error
    }
  }

  /** Wrong use must come as a rejection, so it is checked in an async function. */
  async function whileOpen<Result>(use: () => Result | Promise<Result>): Promise<Result> {
    lifetime.assertOpen()
    return use()
  }

  return {
    run: (login, runOptions = {}) => whileOpen(() => track(logins.run(login, runOptions))),
    resume: (state, request = {}, input = {}) => whileOpen(() => track(logins.resume(state, request, input))),
    exchangeCredentials: ({ context }, runOptions = {}) =>
      whileOpen(() => track(logins.exchangeCredentials(context, runOptions))),
    replace: (newRules, configuration = options.configuration) =>
      whileOpen(() => rules.replace(newRules, configuration)),
    listClaimNames: () => listClaimNames(rules.current.ruleset),
    close: lifetime.close,
  }
}

/** Once for each ruleset: a snapshot that failed is not tried again. */
function warnOfSnapshot({ modules }: Program, reason: string): void {
  const names = (modules?.userModules ?? []).map((name) => name.replace(/^global /, '')).join(', ')
  process.emitWarning(
    `every login evaluates its packages anew (${names}), because there is no snapshot of them: ${reason}`,
  )
}
