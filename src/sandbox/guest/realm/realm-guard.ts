import type { SharedGlobal } from './global/shared-global.ts'

/** A realm that other logins may reach through functions on `global`. */
export interface GuardedRealm {
  readonly sharedGlobal: SharedGlobal
  readonly realmId: number
  /** Globals that are modules. They are no builtins. */
  readonly moduleNames: readonly string[]
  /** Whether a login has the realm, and its rules are under way. */
  readonly isUnderWay: () => boolean
}

/** Keeps other logins from changing the builtins and globals of a realm while its own login waits. */
export interface RealmGuard {
  /** Code of the realm goes on. Throws if another login has changed its globals, and they cannot be restored. */
  enter(): void
  /** Code of the realm's login has returned. */
  leave(): void
  /** See `RealmEntry.retire`. */
  retire(maxRealms: number): string
}
