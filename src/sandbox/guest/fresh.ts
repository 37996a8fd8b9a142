import { type BootInput, type Realm, bootRealm } from './boot.ts'
import { createFreshGuard } from './realm/fresh-guard.ts'
import { removeUnsafeBuiltins, neutralizeToJson } from './realm/remove-unsafe-builtins.ts'

/** Boots a realm for one login, with builtins that rules may change. */
export function boot(...input: BootInput): Realm {
  removeUnsafeBuiltins(globalThis)
  neutralizeToJson()
  const harden = () => () => undefined
  return bootRealm(
    {
      isSingleUse: true,
      harden,
      createGlobalRestorer: () => ({ restore: () => true }),
      createRealmGuard: createFreshGuard,
    },
    input,
  )
}
