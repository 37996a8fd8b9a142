import { Buffer } from 'buffer'
import { createCallAction } from './driver/call-action.ts'
import { Driver } from './driver/driver.ts'
import { createOps } from './driver/ops.ts'
import type { RuleFactory } from './driver/rule-scope.ts'
import { type Realm, openRealm } from './open-realm.ts'
import { createDate, originMs, patchDateFormat, startOrigin } from './realm/clock.ts'
import { type SharedGlobal, createSharedGlobal } from './realm/global/shared-global.ts'
import { joinRequire, splitTable } from './realm/late-modules.ts'
import { createModuleStarts } from './realm/module-starts.ts'
import { type Modules, type ModuleTable, startModules } from './realm/modules.ts'
import type { ModuleFactory } from './realm/native-access.ts'
import { makeOverridable } from './realm/overridable.ts'
import { patchRandom } from './realm/random.ts'
import type { RealmKind } from './realm/realm-kind.ts'
import { reportReflectWrites } from './realm/report-reflect-writes.ts'
import { createRuleGlobals, defineGlobal, defineModuleGlobals } from './realm/rule-globals.ts'
import { createSharedWrites } from './realm/shared-writes.ts'
import { createTenantScope } from './realm/tenant-scope.ts'
import { createStubs } from './stubs/stubs.ts'
import { addBase64url } from './web/base64url.ts'
import { createConsole } from './web/console.ts'
import { createSearchParams } from './web/search-params.ts'
import type { Host, ModuleOptions, RealmOptions } from '../wire/guest-contract.ts'
import { keys, parseJson } from '../wire/primordials.ts'

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
      const moduleNames = [...keys(modules.globals), ...keys(lateStarted.globals)]
      const names = { globalNames: keys(globals), moduleNames }
      return openRealm({ ...parts, ...names, driver, options, require, sharedGlobal }, factories)
    },
  }
}

/** Modules that ask for something else start later. */
const refusal = '!{"message":"a module cannot ask the host before its realm has one"}'

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
