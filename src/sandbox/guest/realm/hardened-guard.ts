import { NativeError, deleteProperty, getPrototypeOf, hasOwn, ownKeys, toJson } from '../../wire/primordials.ts'
import type { GuardedRealm, RealmGuard } from './realm-guard.ts'

const realm: Record<PropertyKey, unknown> = globalThis

/**
 * The builtins of a hardened realm are frozen. So another login that got hold of its global object could only define
 * properties on it that hide builtins. They are removed before the realm's own login goes on.
 */
export function createHardenedGuard({ sharedGlobal, realmId, isUnderWay }: GuardedRealm): RealmGuard {
  const prototype = getPrototypeOf(realm)!
  /** The properties of the global object when the login's code returned last. */
  let names: readonly PropertyKey[] = []

  function isKnown(name: PropertyKey): boolean {
    for (let index = 0; index < names.length; index++) if (names[index] === name) return true
    return false
  }

  return {
    enter() {
      if (!isUnderWay()) return
      const currentNames = ownKeys(realm)
      if (currentNames.length === names.length) return
      for (let index = 0; index < currentNames.length; index++) {
        const name = currentNames[index]!
        if (isKnown(name) || !hasOwn(prototype, name) || deleteProperty(realm, name)) continue
        throw createChangedError(name)
      }
    },
    leave() {
      if (isUnderWay()) names = ownKeys(realm)
    },
    retire: (maxRealms) => toJson(sharedGlobal.retire(realmId, maxRealms)),
  }
}

function createChangedError(name: PropertyKey): Error {
  const text = typeof name === 'symbol' ? 'a symbol' : `'${name}'`
  return new NativeError(
    `another login has defined ${text} on this login's globalThis, which it reached through global; keep globalThis, and functions that return it, away from global`,
  )
}
