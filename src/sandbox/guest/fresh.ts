import { type BootInput, type Realm, type RealmKind, bootRealm } from './boot.ts'
import { createFreshGuard } from './realm/fresh-guard.ts'
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
