import { Buffer } from 'buffer'
import { createAbort } from './web/abort.ts'
import { type TenantFacts, createAuth0 } from './realm/auth0.ts'
import { addBase64url } from './web/base64url.ts'
import { bufferErrorPrototypes } from './web/buffer-errors.ts'
import { clone } from './web/clone.ts'
import { closeRandom, startChance } from './realm/chance.ts'
import { closeDateFormat, createDate, originMs, startClock } from './realm/clock.ts'
import { createConsole } from './web/console.ts'
import { createCallAction } from './driver/call-action.ts'
import { createDriver } from './driver/driver.ts'
import { Blob, FormData } from './web/form-data.ts'
import { createFetch } from './web/fetch.ts'
import type { Host, Manner, RealmEntry, RealmOptions } from '../wire/guest-contract.ts'
import { type Ops, createOps } from './driver/ops.ts'
import { type ModuleTable, startModules } from './realm/modules.ts'
import { makeOverridable } from './realm/overridable.ts'
import { defineProperty, freeze, keys, parseJson } from '../wire/primordials.ts'
import type { Seal } from './realm/realm.ts'
import { createRuleErrors } from './realm/rule-errors.ts'
import { createSearchParams } from './web/search-params.ts'
import { membersOf, restoreMembers } from './realm/shared-global.ts'
import { createStubs } from './stubs/stubs.ts'
import { createText } from './web/text.ts'
import { createTimers } from './web/timers.ts'
import type { StubbedScope } from '../wire/stub-port.ts'
import type { RuleFactory } from './driver/turn.ts'
import { createUrl } from './web/url.ts'

/** How a kind of realm is made ready for its rules. */
export interface RealmKind {
  /** Whether a realm serves one login and no other. */
  readonly once: boolean
  /** Closes the realm; the answer makes a value of ours as unchangeable as the builtins. */
  close(): (value: object) => void
  /** Called when the globals are in place, with the names that rules may assign to. */
  seal(assignable: readonly string[]): Seal
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
  const [host, optionsText, inherited, bundle, ...factories] = input
  const options = parseJson(optionsText) as RealmOptions
  const ops = createOps(host, options.limits)
  const { console, reset: resetConsole } = createConsole(host, options.limits)
  const stubs = createStubs(ops)
  let stubbed: StubbedScope | undefined
  const driver = createDriver(host, factories, options, {
    callAction: createCallAction(host, ops, options),
    failedWith: (error) => (stubbed === undefined ? undefined : stubs.failed(error)),
  })
  const search = createSearchParams(ops)
  addBase64url()
  closeRandom()
  closeDateFormat()
  const freezeDeep = kind.close()
  const RuleDate = createDate(Date)
  freezeDeep(RuleDate)
  offer('Date', RuleDate)
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
    ...createTimers(ops, driver.threw),
    ...createRuleErrors(),
  }
  if (bundle !== undefined) makeOverridable(Buffer.prototype, freezeDeep)
  const shared = inherited ?? {}
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    offer(name, globals[name])
  }
  const modules = startModules(bundle?.({ ops, originMs }) ?? {}, options.modules, kind.once)
  for (const name of keys(modules.globals)) offer(name, modules.globals[name])
  for (const name of keys(modules.broken)) {
    const get = freeze(modules.broken[name]!)
    defineProperty(globalThis, name, { get, enumerable: false, configurable: false })
  }
  // What rules can reach of ours must hold nothing for the next login.
  for (const reachable of [modules.require, ...factories, ...bufferErrorPrototypes()]) freezeDeep(reachable)
  let facts = ''
  let auth0: object
  const seal = kind.seal(['Promise', ...keys(globals), ...keys(modules.globals)])

  return {
    shared,
    start(text, factsNow = facts, mannerText = '', ...stale) {
      if (!seal.restore()) return 'dirty'
      modules.restore()
      if (factsNow !== facts) {
        facts = factsNow
        const told = parseJson(facts) as TenantFacts & { readonly stubbed?: StubbedScope }
        auth0 = createAuth0(ops, told)
        stubbed = told.stubbed
        freezeDeep(auth0)
      }
      for (let index = 0; index < stale.length; index++) ops.forget(stale[index]!)
      resetConsole()
      const { flow, conditions = {} } = mannerText === '' ? asUsual : (parseJson(mannerText) as Manner)
      startClock(conditions.clock, conditions.tells === true)
      startChance(conditions.words)
      if (conditions.keepsData === true) restoreMembers(shared, membersOf(shared, options.limits))
      if (conditions.shared !== undefined) restoreMembers(shared, conditions.shared)
      const told = conditions.tells === true ? membersOf(shared, options.limits) : undefined
      const scope = { configuration: { ...options.configuration }, auth0, global: shared, require: modules.require }
      driver.start(text, stubbed === undefined ? scope : stubs.open(stubbed, scope), flow, told)
      return 'started'
    },
    settle(op, ok, body) {
      try {
        ops.settle(op, ok, body)
      } catch (error) {
        driver.threw(error)
      }
    },
    abandon: driver.abandon,
  }
}

const asUsual: Manner = {}

function offer(name: string, value: unknown): void {
  defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true })
}
