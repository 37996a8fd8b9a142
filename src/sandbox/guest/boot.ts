import { Buffer } from 'buffer'
import { createCallAction } from './driver/call-action.ts'
import { Driver } from './driver/driver.ts'
import { type Ops, createOps } from './driver/ops.ts'
import type { RuleFactory } from './driver/rule-scope.ts'
import { applyOverrides } from './realm/apply-overrides.ts'
import { createDate, originMs, patchDateFormat } from './realm/clock.ts'
import { type SharedGlobal, createSharedGlobal, ownPrototypes } from './realm/global/shared-global.ts'
import { type ModuleTable, startModules } from './realm/modules.ts'
import { makeOverridable } from './realm/overridable.ts'
import { patchRandom } from './realm/random.ts'
import type { GuardedRealm, RealmGuard } from './realm/realm-guard.ts'
import type { GlobalNames, GlobalRestorer } from './realm/realm.ts'
import { createRuleGlobals, defineGlobal, defineModuleGlobals } from './realm/rule-globals.ts'
import { createTenantScope } from './realm/tenant-scope.ts'
import { reportReflectWrites } from './realm/report-reflect-writes.ts'
import { createSharedWrites } from './realm/shared-writes.ts'
import { createStubs } from './stubs/stubs.ts'
import { addBase64url } from './web/base64url.ts'
import { listBufferErrorPrototypes } from './web/buffer-errors.ts'
import { createConsole } from './web/console.ts'
import { createSearchParams } from './web/search-params.ts'
import type { Host, RealmEntry, RealmOptions, StartOptions } from '../wire/guest-contract.ts'
import { keys, parseJson, push } from '../wire/primordials.ts'

/** What differs between hardened and fresh realms. */
export interface RealmKind {
  /** Whether a realm serves one login only. */
  readonly isSingleUse: boolean
  /** Hardens the builtins. Returns a function that freezes a value of ours as deeply. */
  harden(): (value: object) => void
  /** Called after the globals are defined, before any rule. */
  createGlobalRestorer(names: GlobalNames): GlobalRestorer
  /** Called after that, and before any rule. */
  createRealmGuard(realm: GuardedRealm): RealmGuard
}

/** The input of a worker that creates a realm. A tuple, because references cannot cross inside an object. */
export type BootInput = [
  host: Host,
  options: string,
  sharedGlobal: SharedGlobal | undefined,
  bundle: ModuleFactory | undefined,
  ...factories: RuleFactory[],
]

/** The bundle of a ruleset's modules, which gets access to the host for its replacements of Node's modules. */
export type ModuleFactory = (native: NativeAccess) => ModuleTable

/** Access to the host for the guest's replacements of Node's modules. */
export interface NativeAccess {
  readonly ops: Ops
  /** The start of the process that the login seems to run in, in ms since 1970. */
  readonly originMs: () => number
  /** While the realm boots: has a function called before each login. A realm for one login ignores it. */
  onLogin(reset: () => void): void
  /** While the realm boots: takes functions that a module keeps for itself, to freeze them. `list` is called after the start. */
  share(list: () => readonly unknown[]): void
}

/** A realm, and the `global` of its ruleset. */
export interface Realm extends RealmEntry {
  readonly sharedGlobal: SharedGlobal
}

/**
 * Makes this context a realm for rules. The first realm of the isolate creates the ruleset's `global`, and its input holds
 * undefined. The input of later realms holds that `global`.
 */
export function bootRealm(kind: RealmKind, input: BootInput): Realm {
  const [host, optionsText, existingGlobal, bundle, ...factories] = input
  const sharedGlobal = existingGlobal ?? createSharedGlobal()
  const { values: shared } = sharedGlobal
  const realmId = sharedGlobal.register(ownPrototypes)
  const options = parseJson(optionsText) as RealmOptions
  const ops = createOps(host, options.limits)
  const { console, reset: resetConsole } = createConsole(host, options.limits)
  const stubs = createStubs(ops)
  const writes = createSharedWrites()
  let isBooting = true
  const driver = new Driver(host, factories, options, {
    callAction: createCallAction(host, ops, options),
    onFailure(error) {
      writes.noteFailure(error)
      // The login runs again, and the test gets the failure of that run.
      if (tenant.stubbed !== undefined && writes.first === undefined) stubs.reportFailure(error)
    },
    getSharedWrite: () => (kind.isSingleUse ? undefined : writes.first),
  })
  const search = createSearchParams(ops)
  if (!kind.isSingleUse) reportReflectWrites(writes.noteIfShared)
  const freezeDeep = hardenBuiltins(kind)
  const tenant = createTenantScope(ops, freezeDeep)
  const globals = createRuleGlobals(ops, { console, search, onThrow: (error) => driver.reportThrow(error) })
  if (bundle !== undefined) makeOverridable(Buffer.prototype, freezeDeep)
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    defineGlobal(name, globals[name])
  }
  const loginResets: (() => void)[] = []
  const innerFunctions: (() => readonly unknown[])[] = []
  const onLogin = (reset: () => void): void => void (isBooting && push(loginResets, reset))
  const share = (list: () => readonly unknown[]): void => void (isBooting && push(innerFunctions, list))
  const modules = startModules({
    table: bundle?.({ ops, originMs, onLogin, share }) ?? {},
    options: options.modules,
    innerFunctions,
    isSingleUse: kind.isSingleUse,
    freezeDeep,
    writes,
  })
  defineModuleGlobals(modules)
  // A login must not leave anything for the next one on objects of ours that rules can reach.
  for (const reachable of [modules.require, ...factories, ...listBufferErrorPrototypes()]) freezeDeep(reachable)
  const globalRestorer = kind.createGlobalRestorer({
    assignable: ['Promise', ...keys(globals), ...keys(modules.globals)],
    computed: modules.loginGlobals,
    canAssign: () => sharedGlobal.currentRealmId === realmId,
  })
  const guard = kind.createRealmGuard({ sharedGlobal, realmId, isUnderWay: () => driver.state !== 'idle' })
  isBooting = false

  return {
    realmId,
    sharedGlobal,
    start(text, tenantJson, startOptionsJson = '', ...abandonedOps) {
      sharedGlobal.currentRealmId = realmId
      if (!globalRestorer.restore()) return 'dirty'
      modules.restore()
      for (let index = 0; index < loginResets.length; index++) loginResets[index]!()
      writes.reset()
      if (tenantJson !== undefined) tenant.update(tenantJson)
      for (let index = 0; index < abandonedOps.length; index++) ops.forget(abandonedOps[index]!)
      resetConsole()
      const { resumePoint, overrides = {} } =
        startOptionsJson === '' ? defaultStartOptions : (parseJson(startOptionsJson) as StartOptions)
      const sharedMembers = applyOverrides(overrides, shared, options.limits)
      const { auth0, stubbed } = tenant
      const scope = { configuration: { ...options.configuration }, auth0, global: shared, require: modules.require }
      driver.start(text, {
        scope: stubbed === undefined ? scope : stubs.open(stubbed, scope),
        resumePoint,
        shared: sharedMembers,
      })
      guard.leave()
      return 'started'
    },
    settle(op, ok, body, loginRealmId = realmId) {
      sharedGlobal.currentRealmId = loginRealmId
      try {
        guard.enter()
        ops.settle(op, ok, body)
      } catch (error) {
        driver.reportThrow(error)
      }
      guard.leave()
    },
    abandon(code, message) {
      sharedGlobal.currentRealmId = realmId
      driver.abandon(code, message)
    },
    retire: (maxRealms) => guard.retire(maxRealms),
  }
}

const defaultStartOptions: StartOptions = {}

/** Replaces the builtins that this realm changes, and hardens all. Returns a function that freezes a value of ours as deeply. */
function hardenBuiltins(kind: RealmKind): (value: object) => void {
  addBase64url()
  patchRandom()
  patchDateFormat()
  const freezeDeep = kind.harden()
  const RuleDate = createDate(Date)
  freezeDeep(RuleDate)
  defineGlobal('Date', RuleDate)
  return freezeDeep
}
