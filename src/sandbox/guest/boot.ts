import { Buffer } from 'buffer'
import { createAbort } from './abort.ts'
import { type TenantFacts, createAuth0 } from './auth0.ts'
import { addBase64url } from './base64url.ts'
import { bufferErrorPrototypes } from './buffer-errors.ts'
import { clone } from './clone.ts'
import { createConsole } from './console.ts'
import { type RuleFactory, createDriver } from './driver.ts'
import { createFetch } from './fetch.ts'
import type { Host, RealmEntry, RealmOptions } from './host.ts'
import { createOps } from './ops.ts'
import { NativeError, defineProperty, keys, parseJson } from './primordials.ts'
import type { Seal } from './realm.ts'
import { createRuleErrors } from './rule-errors.ts'
import { createSearchParams } from './search-params.ts'
import { createText } from './text.ts'
import { createTimers } from './timers.ts'
import { createUrl } from './url.ts'

/** How a kind of realm is made ready for its rules. */
export interface RealmKind {
  /** Closes the realm; the answer makes a value of ours as unchangeable as the builtins. */
  close(): (value: object) => void
  /** Called when the globals are in place, with the names that rules may assign to. */
  seal(assignable: readonly string[]): Seal
}

/** What a worker hands over when it makes a realm; positions, since references cannot cross inside an object. */
export type BootInput = [host: Host, options: string, shared: object | undefined, ...factories: RuleFactory[]]

/** A realm, and the object that its ruleset's rules share as `global`. */
export interface Realm extends RealmEntry {
  readonly shared: object
}

/**
 * Makes this context a realm for rules. `shared` is the ruleset's `global`, made by another realm of the same isolate;
 * undefined in the first one, which makes it.
 */
export function bootRealm(kind: RealmKind, input: BootInput): Realm {
  const [host, optionsText, inherited, ...factories] = input
  const options = parseJson(optionsText) as RealmOptions
  const ops = createOps(host, options.limits)
  const { console, reset: resetConsole } = createConsole(host, options.limits)
  const driver = createDriver(host, factories, options)
  const search = createSearchParams(ops)
  addBase64url()
  const freezeDeep = kind.close()
  const globals: Record<string, unknown> = {
    console,
    Buffer,
    URL: createUrl(ops, search),
    URLSearchParams: search.URLSearchParams,
    structuredClone: clone,
    ...createText(),
    ...createAbort(ops),
    ...createFetch(ops),
    ...createTimers(ops, driver.threw),
    ...createRuleErrors(),
  }
  const shared = inherited ?? {}
  for (const name of keys(globals)) {
    freezeDeep(globals[name] as object)
    defineProperty(globalThis, name, { value: globals[name], writable: true, enumerable: false, configurable: true })
  }
  // What rules can reach of ours must hold nothing for the next login.
  for (const reachable of [refuseModule, ...factories, ...bufferErrorPrototypes()]) freezeDeep(reachable)
  let facts = ''
  let auth0: object
  const seal = kind.seal(['Promise', ...keys(globals)])

  return {
    shared,
    start(text, factsNow, ...stale) {
      if (!seal.restore()) return 'dirty'
      if (factsNow !== facts) {
        facts = factsNow
        auth0 = createAuth0(ops, parseJson(facts) as TenantFacts)
        freezeDeep(auth0)
      }
      for (let index = 0; index < stale.length; index++) ops.forget(stale[index]!)
      resetConsole()
      driver.start(text, {
        configuration: { ...options.configuration },
        auth0,
        global: shared,
        require: refuseModule,
      })
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

function refuseModule(name: unknown): never {
  const error = new NativeError(
    `Cannot find module '${String(name)}': no modules are offered to the rules of this engine`,
  )
  throw Object.assign(error, { code: 'MODULE_NOT_FOUND' })
}
