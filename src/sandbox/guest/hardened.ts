import 'ses'
import { type BootInput, bootRealm } from './boot.ts'
import type { Realm } from './open-realm.ts'
import { createHardenedGuard } from './realm/hardened-guard.ts'
import { removeUnsafeBuiltins } from './realm/remove-unsafe-builtins.ts'
import { createGlobalRestorer, harden } from './realm/realm.ts'

/** Boots a realm for one login after another: its builtins are frozen, and its global object is restored in between. */
export function boot(...input: BootInput): Realm {
  removeUnsafeBuiltins(globalThis)
  return bootRealm({ isSingleUse: false, harden, createGlobalRestorer, createRealmGuard: createHardenedGuard }, input)
}
