import {
  NativeDate,
  NativeMap,
  NativeRegExp,
  NativeSet,
  addToSet,
  arrayPrototype,
  getPrototypeOf,
  hasInSet,
  objectPrototype,
  ownKeys,
  sliceList,
} from '../../../wire/primordials.ts'
import type { RetiredRealms } from '../../../wire/guest-contract.ts'
import { createPlainCopier } from './copy-plain.ts'
import { type Place, findPlaces } from './find-places.ts'
import { moveHome, removeInstances } from './change-places.ts'
import { type RealmPrototypes, createRealmRegistry } from './realm-registry.ts'

/**
 * The `global` of a ruleset. It lives in a realm that lasts as long as the isolate.
 *
 * A value keeps the whole realm alive that it was made in. So when a realm is given up, plain values of it are copied into
 * the lasting realm. Functions, instances and promises cannot be copied. They keep their realm, and the oldest are removed
 * if there are too many.
 *
 * The lasting realm is hardened, so this code may call builtins through their prototypes.
 */
export interface SharedGlobal {
  /** The object that rules find as `global`. */
  readonly values: object
  /** The realm that code runs for. */
  currentRealmId: number
  /** Takes up a realm; returns its id. */
  register(prototypes: RealmPrototypes): number
  /** Whether `global` leads to functions or instances of the realm. */
  hasInstances(realmId: number): boolean
  /** Gives up a realm, and keeps what functions and instances need: at most `maxRealms` realms. */
  retire(realmId: number, maxRealms: number): RetiredRealms
}

/** The prototypes of the realm that this code runs in. */
export const ownPrototypes: RealmPrototypes = {
  object: objectPrototype,
  array: arrayPrototype,
  function: getPrototypeOf(sliceList)!,
  date: NativeDate.prototype,
  map: NativeMap.prototype,
  set: NativeSet.prototype,
  regExp: NativeRegExp.prototype,
}

/** Called in the lasting realm. */
export function createSharedGlobal(): SharedGlobal {
  const registry = createRealmRegistry()
  const homeId = registry.add(ownPrototypes)
  const values = {}

  function scan(fallbackId: number): Place[] {
    return ownKeys(values).length === 0 ? [] : findPlaces(values, { registry, homeId, fallbackId })
  }

  return {
    values,
    currentRealmId: homeId,
    register: registry.add,
    hasInstances: (realmId) => hasInSet(listInstanceRealms(scan(realmId)), realmId),
    retire(realmId, maxRealms) {
      registry.retire(realmId)
      const places = scan(realmId)
      const ids = [...listInstanceRealms(places)]
        .filter((id) => !registry.isInUse(id))
        .toSorted((one, other) => one - other)
      const firstNeeded = ids.length - Math.min(ids.length, maxRealms)
      const needed = new NativeSet(sliceList(ids, firstNeeded))
      const removedMembers = removeInstances(places, new NativeSet(sliceList(ids, 0, firstNeeded)))
      const isLeaving = (id: number): boolean => id !== homeId && !registry.isInUse(id) && !hasInSet(needed, id)
      moveHome(places, isLeaving, createPlainCopier({ registry, homeId, fallbackId: realmId, isLeaving }))
      return { needed: [...needed], removedMembers }
    },
  }
}

function listInstanceRealms(places: readonly Place[]): Set<number> {
  const ids = new NativeSet<number>()
  for (let index = 0; index < places.length; index++) {
    const { plainKind, realmId } = places[index]!
    if (plainKind === undefined) addToSet(ids, realmId)
  }
  return ids
}
