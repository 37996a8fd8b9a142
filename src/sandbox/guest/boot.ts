import { Buffer } from 'buffer'
import { createCallAction } from './driver/call-action.ts'
import { Driver } from './driver/driver.ts'
import { type Ops, createOps } from './driver/ops.ts'
import type { RuleFactory } from './driver/rule-scope.ts'
import { applyOverrides } from './realm/apply-overrides.ts'
import { createDate, originMs, patchDateFormat } from './realm/clock.ts'
import { type ModuleTable, startModules } from './realm/modules.ts'
import { makeOverridable } from './realm/overridable.ts'
import { patchRandom } from './realm/random.ts'
import type { GlobalRestorer } from './realm/realm.ts'
import { createRuleGlobals, defineGlobal, defineModuleGlobals } from './realm/rule-globals.ts'
import { createTenantScope } from './realm/tenant-scope.ts'
import { createStubs } from './stubs/stubs.ts'
import { addBase64url } from './web/base64url.ts'
import { listBufferErrorPrototypes } from './web/buffer-errors.ts'
import { createConsole } from './web/console.ts'
import { createSearchParams } from './web/search-params.ts'
import type { Host, RealmEntry, RealmOptions, StartOptions } from '../wire/guest-contract.ts'
import { keys, parseJson } from '../wire/primordials.ts'

/** How a kind of realm is made ready for its rules. */
export interface RealmKind {
  /** Whether a realm serves one login and no other. */
  readonly isSingleUse: boolean
  /** Closes the realm; the answer makes a value of ours as unchangeable as the builtins. */
  harden(): (value: object) => void
  /** Called when the globals are in place, with the names that rules may assign to. */
  createGlobalRestorer(assignable: readonly string[]): GlobalRestorer
}

/** What a worker hands over when it makes a realm; positions, since references cannot cross inside an object. */
export type BootInput = [
  host: Host,
  options: string,
  shared: object | undefined,
  bundle: ModuleFactory | undefined,
  ...factories: RuleFactory[],
]

/** The script that a ruleset's modules were bundled to; it is given what Node's own modules need of the host. */
export type ModuleFactory = (native: NativeAccess) => ModuleTable

/** What Node's modules, as the guest has them, reach the host through. */
export interface NativeAccess {
  readonly ops: Ops
  /** The instant that the process of the login seems to have started at. */
  readonly originMs: () => number
}

/** A realm, and the object that its ruleset's rules share as `global`. */
export interface Realm extends RealmEntry {
  readonly shared: object
}

/**
 * Makes this context a realm for rules. `shared` is the ruleset's `global`, made by another realm of the same isolate;
 * undefined in the first one, which makes it.
 */
export function bootRealm(kind: RealmKind, input: BootInput): Realm {
  const [host, optionsText, existingGlobal, bundle, ...factories] = input
  const options = parseJson(optionsText) as RealmOptions
  const ops = createOps(host, options.limits)
  const { console, reset: resetConsole } = createConsole(host, options.limits)
  const stubs = createStubs(ops)
  const driver = new Driver(host, factories, options, {
    callAction: createCallAction(host, ops, options),
    onFailure: (error) => (tenant.stubbed === undefined ? undefined : stubs.reportFailure(error)),
  })
  const search = createSearchParams(ops)
  const freezeDeep = hardenBuiltins(kind)
  const tenant = createTenantScope(ops, freezeDeep)
  const globals = createRuleGlobals(ops, { console, search, onThrow: (error) => driver.reportThrow(error) })
  if (bundle !== undefined) makeOverridable(Buffer.prototype, freezeDeep)
  const shared = existingGlobal ?? {}
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    defineGlobal(name, globals[name])
  }
  const modules = startModules(bundle?.({ ops, originMs }) ?? {}, options.modules, kind.isSingleUse)
  defineModuleGlobals(modules)
  // What rules can reach of ours must hold nothing for the next login.
  for (const reachable of [modules.require, ...factories, ...listBufferErrorPrototypes()]) freezeDeep(reachable)
  const globalRestorer = kind.createGlobalRestorer(['Promise', ...keys(globals), ...keys(modules.globals)])

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
      const scope = { configuration: { ...options.configuration }, auth0, global: shared, require: modules.require }
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

const defaultStartOptions: StartOptions = {}

/** Replaces the builtins that this realm changes, then closes it; the result freezes a value of ours as deeply. */
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
