import { Buffer } from 'buffer'
import { createCallAction } from './driver/call-action.ts'
import { Driver } from './driver/driver.ts'
import { type Ops, createOps } from './driver/ops.ts'
import type { RuleFactory } from './driver/rule-scope.ts'
import { applyOverrides } from './realm/apply-overrides.ts'
import { createDate, originMs, patchDateFormat, startOrigin } from './realm/clock.ts'
import { type SharedGlobal, createSharedGlobal, ownPrototypes } from './realm/global/shared-global.ts'
import { type Modules, type ModuleTable, startModules } from './realm/modules.ts'
import { makeOverridable } from './realm/overridable.ts'
import { patchRandom } from './realm/random.ts'
import type { GuardedRealm, RealmGuard } from './realm/realm-guard.ts'
import type { GlobalNames, GlobalRestorer } from './realm/realm.ts'
import { createRuleGlobals, defineGlobal, defineModuleGlobals } from './realm/rule-globals.ts'
import { reportReflectWrites } from './realm/report-reflect-writes.ts'
import { type SharedWrites, createSharedWrites } from './realm/shared-writes.ts'
import { type TenantScope, createTenantScope } from './realm/tenant-scope.ts'
import { type Stubs, createStubs } from './stubs/stubs.ts'
import { addBase64url } from './web/base64url.ts'
import { listBufferErrorPrototypes } from './web/buffer-errors.ts'
import { createConsole } from './web/console.ts'
import { createSearchParams } from './web/search-params.ts'
import type { Host, ModuleOptions, RealmEntry, RealmOptions, StartOptions } from '../wire/guest-contract.ts'
import { create, keys, parseJson, push } from '../wire/primordials.ts'

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

/** What a realm needs before it has a host: nothing of it is secret, or differs between two logins. */
export type PrepareOptions = Pick<RealmOptions, 'limits' | 'modules'> & {
  /** Modules that start when the host is there: they read the clock, random numbers, or ask the host. */
  readonly lateModules?: readonly string[]
  /** What the host answers to modules that start, by call: only answers that are always the same. */
  readonly answers?: Readonly<Record<string, string>>
}

/** A context whose globals are defined and whose modules are started. */
export interface PreparedRealm {
  /** Makes the context a realm for rules. */
  bind(...input: BindInput): Realm
}

export type BindInput = [
  host: Host,
  options: string,
  sharedGlobal: SharedGlobal | undefined,
  ...factories: RuleFactory[],
]

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
  const prepared = prepareRealm(kind, parseJson(optionsText) as RealmOptions, bundle, host)
  return prepared.bind(host, optionsText, existingGlobal, ...factories)
}

/**
 * Defines the globals of a realm and starts its modules. Without a host, as in a snapshot, what asks the host now fails.
 * `bind` brings the host, and all that differs between logins.
 */
export function prepareRealm(
  kind: RealmKind,
  { limits, modules: moduleOptions, lateModules = [], answers = {} }: PrepareOptions,
  bundle: ModuleFactory | undefined,
  earlyHost: Host = (call, name, input) => answers[`${call} ${name} ${input}`] ?? refusal,
): PreparedRealm {
  let currentHost = earlyHost
  let driver: Driver | undefined
  const host: Host = (call, a, b, c) => currentHost(call, a, b, c)
  const ops = createOps(host, limits)
  const { console, reset: resetConsole } = createConsole(host, limits)
  const stubs = createStubs(ops)
  const writes = createSharedWrites()
  const search = createSearchParams(ops)
  if (!kind.isSingleUse) reportReflectWrites(writes.noteIfShared)
  const freezeDeep = hardenBuiltins(kind)
  const tenant = createTenantScope(ops, freezeDeep)
  const globals = createRuleGlobals(ops, { console, search, onThrow: (error) => driver?.reportThrow(error) })
  if (bundle !== undefined) makeOverridable(Buffer.prototype, freezeDeep)
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    defineGlobal(name, globals[name])
  }
  const starts = createModuleStarts()
  const { early, late } = splitTable(bundle?.({ ops, originMs, ...starts.access }) ?? {}, lateModules)
  const start = (table: ModuleTable, options: ModuleOptions): Modules =>
    startModules({
      table,
      options,
      innerFunctions: starts.innerFunctions,
      isSingleUse: kind.isSingleUse,
      freezeDeep,
      writes,
    })
  const modules = start(early, moduleOptions)
  defineModuleGlobals(modules)
  const { loginResets } = starts
  const parts = { kind, ops, tenant, stubs, modules, writes, freezeDeep, loginResets, resetConsole }

  return {
    bind(boundHost, optionsText, existingGlobal, ...factories) {
      currentHost = boundHost
      startOrigin()
      const options = parseJson(optionsText) as RealmOptions
      driver = new Driver(host, factories, options, {
        callAction: createCallAction(host, ops, options),
        onFailure(error) {
          writes.noteFailure(error)
          // The login runs again, and the test gets the failure of that run.
          if (tenant.stubbed !== undefined && writes.first === undefined) stubs.reportFailure(error)
        },
        getSharedWrite: () => (kind.isSingleUse ? undefined : writes.first),
      })
      const lateStarted = start(late, { ...moduleOptions, failures: {} })
      defineModuleGlobals(lateStarted)
      starts.end()
      const require = joinRequire(modules, lateStarted, keys(late))
      const sharedGlobal = existingGlobal ?? createSharedGlobal()
      return openRealm({ ...parts, driver, options, require, sharedGlobal, globalNames: keys(globals) }, factories)
    },
  }
}

/** What modules ask for while they start. */
interface ModuleStarts {
  readonly access: Pick<NativeAccess, 'onLogin' | 'share'>
  readonly loginResets: readonly (() => void)[]
  readonly innerFunctions: readonly (() => readonly unknown[])[]
  /** From now on nothing is taken. */
  end(): void
}

function createModuleStarts(): ModuleStarts {
  const loginResets: (() => void)[] = []
  const innerFunctions: (() => readonly unknown[])[] = []
  let isOpen = true
  return {
    access: {
      onLogin: (reset) => void (isOpen && push(loginResets, reset)),
      share: (list) => void (isOpen && push(innerFunctions, list)),
    },
    loginResets,
    innerFunctions,
    end() {
      isOpen = false
    },
  }
}

/** What the first phase of a realm hands to the second. */
interface RealmParts {
  readonly kind: RealmKind
  readonly ops: Ops
  readonly tenant: TenantScope
  readonly stubs: Stubs
  readonly modules: Modules
  readonly writes: SharedWrites
  readonly freezeDeep: (value: object) => void
  /** Called before each login. */
  readonly loginResets: readonly (() => void)[]
  readonly resetConsole: () => void
}

interface BoundParts extends RealmParts {
  readonly driver: Driver
  readonly options: RealmOptions
  readonly require: Modules['require']
  readonly sharedGlobal: SharedGlobal
  readonly globalNames: readonly string[]
}

/** Freezes what is left to freeze, and returns the entry points. */
function openRealm(parts: BoundParts, factories: readonly RuleFactory[]): Realm {
  const { kind, ops, tenant, stubs, modules, writes, driver, options, require, sharedGlobal } = parts
  const { values: shared } = sharedGlobal
  const realmId = sharedGlobal.register(ownPrototypes)
  // A login must not leave anything for the next one on objects of ours that rules can reach.
  for (const reachable of [require, ...factories, ...listBufferErrorPrototypes()]) parts.freezeDeep(reachable)
  const moduleNames = keys(modules.globals)
  const globalRestorer = kind.createGlobalRestorer({
    assignable: ['Promise', ...parts.globalNames, ...moduleNames],
    computed: modules.loginGlobals,
    canAssign: () => sharedGlobal.currentRealmId === realmId,
  })
  const guard = kind.createRealmGuard({
    sharedGlobal,
    realmId,
    moduleNames,
    isUnderWay: () => driver.state !== 'idle',
  })

  return {
    realmId,
    sharedGlobal,
    start(text, tenantJson, startOptionsJson = '', ...abandonedOps) {
      sharedGlobal.currentRealmId = realmId
      if (!globalRestorer.restore()) return 'dirty'
      modules.restore()
      for (let index = 0; index < parts.loginResets.length; index++) parts.loginResets[index]!()
      writes.reset()
      if (tenantJson !== undefined) tenant.update(tenantJson)
      for (let index = 0; index < abandonedOps.length; index++) ops.forget(abandonedOps[index]!)
      parts.resetConsole()
      const { resumePoint, overrides = {} } =
        startOptionsJson === '' ? defaultStartOptions : (parseJson(startOptionsJson) as StartOptions)
      const sharedMembers = applyOverrides(overrides, shared, options.limits)
      const { auth0, stubbed } = tenant
      const scope = { configuration: { ...options.configuration }, auth0, global: shared, require }
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

/** Modules that ask for something else start later. */
const refusal = '!{"message":"a module cannot ask the host before its realm has one"}'

function splitTable(
  table: ModuleTable,
  lateNames: readonly string[],
): { readonly early: ModuleTable; readonly late: ModuleTable } {
  if (lateNames.length === 0) return { early: table, late: {} }
  const entries = Object.entries(table)
  return {
    early: Object.fromEntries(entries.filter(([name]) => !lateNames.includes(name))),
    late: Object.fromEntries(entries.filter(([name]) => lateNames.includes(name))),
  }
}

/** A realm with late modules serves one login, so their `require` may be another function. */
function joinRequire(modules: Modules, late: Modules, lateNames: readonly string[]): Modules['require'] {
  if (lateNames.length === 0) return modules.require
  const isLate = create(null) as Record<string, true>
  for (let index = 0; index < lateNames.length; index++) isLate[lateNames[index]!] = true
  return (name) => (typeof name === 'string' && isLate[name] === true ? late : modules).require(name)
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
