import { Buffer } from 'buffer'
import { createAbort } from './web/abort.ts'
import { type TenantInfo, createAuth0 } from './realm/auth0.ts'
import { addBase64url } from './web/base64url.ts'
import { listBufferErrorPrototypes } from './web/buffer-errors.ts'
import { clone } from './web/clone.ts'
import { patchRandom, seedRandom } from './realm/random.ts'
import { patchDateFormat, createDate, originMs, startClock } from './realm/clock.ts'
import { createConsole } from './web/console.ts'
import { createCallAction } from './driver/call-action.ts'
import { createDriver } from './driver/driver.ts'
import { Blob, FormData } from './web/form-data.ts'
import { createFetch } from './web/fetch.ts'
import type { Host, StartOptions, RealmEntry, RealmOptions } from '../wire/guest-contract.ts'
import { type Ops, createOps } from './driver/ops.ts'
import { type ModuleTable, startModules } from './realm/modules.ts'
import { makeOverridable } from './realm/overridable.ts'
import { defineProperty, freeze, keys, parseJson } from '../wire/primordials.ts'
import type { GlobalRestorer } from './realm/realm.ts'
import { createRuleErrors } from './realm/rule-errors.ts'
import { createSearchParams } from './web/search-params.ts'
import { encodeMembers, restoreMembers } from './realm/shared-global.ts'
import { createStubs } from './stubs/stubs.ts'
import { createText } from './web/text.ts'
import { createTimers } from './web/timers.ts'
import type { StubScope } from '../wire/stub-port.ts'
import type { RuleFactory } from './driver/rule-run.ts'
import { createUrl } from './web/url.ts'

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
  let stubbedScope: StubScope | undefined
  const driver = createDriver(host, factories, options, {
    callAction: createCallAction(host, ops, options),
    onFailure: (error) => (stubbedScope === undefined ? undefined : stubs.reportFailure(error)),
  })
  const search = createSearchParams(ops)
  addBase64url()
  patchRandom()
  patchDateFormat()
  const freezeDeep = kind.harden()
  const RuleDate = createDate(Date)
  freezeDeep(RuleDate)
  defineGlobal('Date', RuleDate)
  const globals: Record<string, unknown> = {
    console,
    Buffer,
    URL: createUrl(ops, search),
    URLSearchParams: search.URLSearchParams,
    structuredClone: clone,
    Blob,
    FormData,
    ...createText(),
    ...createAbort(ops),
    ...createFetch(ops),
    ...createTimers(ops, driver.reportThrow),
    ...createRuleErrors(),
  }
  if (bundle !== undefined) makeOverridable(Buffer.prototype, freezeDeep)
  const shared = existingGlobal ?? {}
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    defineGlobal(name, globals[name])
  }
  const modules = startModules(bundle?.({ ops, originMs }) ?? {}, options.modules, kind.isSingleUse)
  for (const name of keys(modules.globals)) defineGlobal(name, modules.globals[name])
  for (const name of keys(modules.brokenGlobals)) {
    const get = freeze(modules.brokenGlobals[name]!)
    defineProperty(globalThis, name, { get, enumerable: false, configurable: false })
  }
  // What rules can reach of ours must hold nothing for the next login.
  for (const reachable of [modules.require, ...factories, ...listBufferErrorPrototypes()]) freezeDeep(reachable)
  let tenantJson = ''
  let auth0: object
  const globalRestorer = kind.createGlobalRestorer(['Promise', ...keys(globals), ...keys(modules.globals)])

  return {
    shared,
    start(text, newTenantJson = tenantJson, startOptionsJson = '', ...abandonedOps) {
      if (!globalRestorer.restore()) return 'dirty'
      modules.restore()
      if (newTenantJson !== tenantJson) {
        tenantJson = newTenantJson
        const tenant = parseJson(tenantJson) as TenantInfo & { readonly stubbed?: StubScope }
        auth0 = createAuth0(ops, tenant)
        stubbedScope = tenant.stubbed
        freezeDeep(auth0)
      }
      for (let index = 0; index < abandonedOps.length; index++) ops.forget(abandonedOps[index]!)
      resetConsole()
      const { resumePoint, overrides = {} } =
        startOptionsJson === '' ? defaultStartOptions : (parseJson(startOptionsJson) as StartOptions)
      startClock(overrides.clock, overrides.isRecorded === true)
      seedRandom(overrides.seedWords)
      if (overrides.isDataOnly === true) restoreMembers(shared, encodeMembers(shared, options.limits))
      if (overrides.shared !== undefined) restoreMembers(shared, overrides.shared)
      const sharedMembers = overrides.isRecorded === true ? encodeMembers(shared, options.limits) : undefined
      const scope = { configuration: { ...options.configuration }, auth0, global: shared, require: modules.require }
      driver.start(
        text,
        stubbedScope === undefined ? scope : stubs.open(stubbedScope, scope),
        resumePoint,
        sharedMembers,
      )
      return 'started'
    },
    settle(op, ok, body) {
      try {
        ops.settle(op, ok, body)
      } catch (error) {
        driver.reportThrow(error)
      }
    },
    abandon: driver.abandon,
  }
}

const defaultStartOptions: StartOptions = {}

function defineGlobal(name: string, value: unknown): void {
  defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true })
}
