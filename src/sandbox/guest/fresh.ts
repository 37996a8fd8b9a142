import { type BootInput, bootRealm } from './boot.ts'
import type { Realm } from './open-realm.ts'
import { createFreshGuard } from './realm/fresh-guard.ts'
import type { RealmKind } from './realm/realm-kind.ts'
import { removeUnsafeBuiltins, neutralizeToJson } from './realm/remove-unsafe-builtins.ts'

/** Realms for one login each, with builtins that rules may change. */
export const freshKind: RealmKind = {
  isSingleUse: true,
  harden: () => () => undefined,
  createGlobalRestorer: () => ({ restore: () => true }),
  createRealmGuard: createFreshGuard,
}

/** Boots a realm for one login, with builtins that rules may change. */
export function boot(...input: BootInput): Realm {
  removeUnsafeBuiltins(globalThis)
  neutralizeToJson()
  return bootRealm(freshKind, input)
}
