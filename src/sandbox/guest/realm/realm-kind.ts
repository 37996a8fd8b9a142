import type { GuardedRealm, RealmGuard } from './realm-guard.ts'
import type { GlobalNames, GlobalRestorer } from './realm.ts'

/** What differs between hardened and fresh realms. */
export interface RealmKind {
  /** Whether a realm serves one login only. */
  readonly isSingleUse: boolean
  /** Hardens the builtins. Returns a function that freezes a value of ours as deeply. */
  harden(): (value: object) => void
  /** Called after the globals are defined, before any rule. */
  createGlobalRestorer(names: GlobalNames): GlobalRestorer
  /** Called after that, and before any rule. */
  createRealmGuard(realm: GuardedRealm): RealmGuard
}
