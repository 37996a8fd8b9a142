import { Buffer } from 'buffer'
import { createCallAction } from './driver/call-action.ts'
import { Driver } from './driver/driver.ts'
import { type Ops, createOps } from './driver/ops.ts'
import type { RuleFactory } from './driver/rule-scope.ts'
import { applyOverrides } from './realm/apply-overrides.ts'
import { createDate, originMs, patchDateFormat, startOrigin } from './realm/clock.ts'
import { type Modules, type ModuleTable, startModules } from './realm/modules.ts'
import { makeOverridable } from './realm/overridable.ts'
import { patchRandom } from './realm/random.ts'
import type { GlobalRestorer } from './realm/realm.ts'
import { createRuleGlobals, defineGlobal, defineModuleGlobals } from './realm/rule-globals.ts'
import { type TenantScope, createTenantScope } from './realm/tenant-scope.ts'
import { type Stubs, createStubs } from './stubs/stubs.ts'
import { addBase64url } from './web/base64url.ts'
import { listBufferErrorPrototypes } from './web/buffer-errors.ts'
import { createConsole } from './web/console.ts'
import { createSearchParams } from './web/search-params.ts'
import type { Host, RealmEntry, RealmOptions, StartOptions } from '../wire/guest-contract.ts'
import { create, keys, parseJson } from '../wire/primordials.ts'

/** What differs between hardened and fresh realms. */
export interface RealmKind {
  /** Whether a realm serves one login only. */
  readonly isSingleUse: boolean
  /** Hardens the builtins. Returns a function that freezes a value of ours as deeply. */
  harden(): (value: object) => void
  /** Called after the globals are defined, with the names that rules may assign to. */
  createGlobalRestorer(assignable: readonly string[]): GlobalRestorer
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

export type BindInput = [host: Host, options: string, shared: object | undefined, ...factories: RuleFactory[]]

/** The input of a worker that creates a realm. A tuple, because references cannot cross inside an object. */
export type BootInput = [
  host: Host,
  options: string,
  shared: object | undefined,
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
}

/** A realm, and the `global` of its ruleset. */
export interface Realm extends RealmEntry {
  readonly shared: object
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
  const search = createSearchParams(ops)
  const freezeDeep = hardenBuiltins(kind)
  const tenant = createTenantScope(ops, freezeDeep)
  const globals = createRuleGlobals(ops, { console, search, onThrow: (error) => driver?.reportThrow(error) })
  if (bundle !== undefined) makeOverridable(Buffer.prototype, freezeDeep)
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    defineGlobal(name, globals[name])
  }
  const { early, late } = splitTable(bundle?.({ ops, originMs }) ?? {}, lateModules)
  const modules = startModules(early, moduleOptions, kind.isSingleUse)
  defineModuleGlobals(modules)
  const parts: RealmParts = { kind, ops, tenant, stubs, modules, freezeDeep, resetConsole, globalNames: keys(globals) }

  return {
    bind(boundHost, optionsText, existingGlobal, ...factories) {
      currentHost = boundHost
      startOrigin()
      const options = parseJson(optionsText) as RealmOptions
      driver = new Driver(host, factories, options, {
        callAction: createCallAction(host, ops, options),
        onFailure: (error) => (tenant.stubbed === undefined ? undefined : stubs.reportFailure(error)),
      })
      const lateStarted = startModules(late, { ...moduleOptions, failures: {} }, kind.isSingleUse)
      defineModuleGlobals(lateStarted)
      const require = joinRequire(modules, lateStarted, keys(late))
      return openRealm({ ...parts, driver, options, require, shared: existingGlobal ?? {} }, factories)
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
  readonly freezeDeep: (value: object) => void
  readonly resetConsole: () => void
  readonly globalNames: readonly string[]
}

interface BoundParts extends RealmParts {
  readonly driver: Driver
  readonly options: RealmOptions
  readonly require: Modules['require']
  readonly shared: object
}

/** Freezes what is left to freeze, and returns the entry points. */
function openRealm(parts: BoundParts, factories: readonly RuleFactory[]): Realm {
  const { kind, ops, tenant, stubs, modules, freezeDeep, resetConsole, globalNames, driver, options } = parts
  const { require, shared } = parts
  // A login must not leave anything for the next one on objects of ours that rules can reach.
  for (const reachable of [require, ...factories, ...listBufferErrorPrototypes()]) freezeDeep(reachable)
  const globalRestorer = kind.createGlobalRestorer(['Promise', ...globalNames, ...keys(modules.globals)])

  return {
    shared,
    start(text, tenantJson, startOptionsJson = '', ...abandonedOps) {
      if (!globalRestorer.restore()) return 'dirty'
      modules.restore()
      if (tenantJson !== undefined) tenant.update(tenantJson)
      for (let index = 0; index < abandonedOps.length; index++) ops.forget(abandonedOps[index]!)
      resetConsole()
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
      return 'started'
    },
    settle(op, ok, body) {
      try {
        ops.settle(op, ok, body)
      } catch (error) {
        driver.reportThrow(error)
      }
    },
    abandon: (code, message) => driver.abandon(code, message),
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
