import type { Driver } from './driver/driver.ts'
import type { Ops } from './driver/ops.ts'
import type { RuleFactory } from './driver/rule-scope.ts'
import { applyOverrides } from './realm/apply-overrides.ts'
import { type SharedGlobal, ownPrototypes } from './realm/global/shared-global.ts'
import type { Modules } from './realm/modules.ts'
import type { RealmKind } from './realm/realm-kind.ts'
import type { SharedWrites } from './realm/shared-writes.ts'
import type { TenantScope } from './realm/tenant-scope.ts'
import type { Stubs } from './stubs/stubs.ts'
import { listBufferErrorPrototypes } from './web/buffer-errors.ts'
import type { RealmEntry, RealmOptions, StartOptions } from '../wire/guest-contract.ts'
import { parseJson } from '../wire/primordials.ts'

/** A realm, and the `global` of its ruleset. */
export interface Realm extends RealmEntry {
  readonly sharedGlobal: SharedGlobal
}

/** What the first phase of a realm hands to the second. */
export interface RealmParts {
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
  /** Globals that are modules. */
  readonly moduleNames: readonly string[]
}

/** Freezes what is left to freeze, and returns the entry points. */
export function openRealm(parts: BoundParts, factories: readonly RuleFactory[]): Realm {
  const { kind, ops, tenant, stubs, modules, writes, driver, options, require, sharedGlobal } = parts
  const { values: shared } = sharedGlobal
  const realmId = sharedGlobal.register(ownPrototypes)
  // A login must not leave anything for the next one on objects of ours that rules can reach.
  for (const reachable of [require, ...factories, ...listBufferErrorPrototypes()]) parts.freezeDeep(reachable)
  const { moduleNames } = parts
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

const defaultStartOptions: StartOptions = {}
