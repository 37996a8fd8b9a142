import {
  NativeSet,
  NativeWeakMap,
  addToSet,
  deleteFromSet,
  getPrototypeOf,
  hasInSet,
  isArray,
  weakMapGet,
  weakMapSet,
} from '../../../wire/primordials.ts'

/** Kinds of values that can be copied into another realm. */
export type PlainKind = 'object' | 'array' | 'date' | 'map' | 'set' | 'regExp'

/** By kind, the prototype that such values of one realm have. `function`: its `Function.prototype`. */
export type RealmPrototypes = Readonly<Record<PlainKind | 'function', object>>

/** Where a value comes from. */
export interface RealmOrigin {
  readonly realmId: number
  /** Undefined if the value cannot be copied: a function, an instance of a class, a promise. */
  readonly plainKind: PlainKind | undefined
}

/** Longer prototype chains are not followed. */
const maxChainLength = 50

/** Knows the realms of an isolate, and tells from a value's prototypes which realm it was made in. */
export interface RealmRegistry {
  /** Takes up a realm that is in use from now on; returns its id. Ids ascend. */
  add(prototypes: RealmPrototypes): number
  /** The realm's last login is over. */
  retire(realmId: number): void
  isInUse(realmId: number): boolean
  /** `fallbackId`: the realm of values whose prototypes lead to no realm. */
  findOrigin(value: object, fallbackId: number): RealmOrigin
  /** A copy was made in the realm, without a prototype that says so. */
  claim(value: object, realmId: number): void
}

export function createRealmRegistry(): RealmRegistry {
  const origins = new NativeWeakMap<object, RealmOrigin>()
  const realmIdsByValue = new NativeWeakMap<object, number>()
  const inUse = new NativeSet<number>()
  let lastId = 0

  function findByChain(value: object): number | undefined {
    let prototype = getPrototypeOf(value)
    for (let length = 0; prototype !== null && length < maxChainLength; length++) {
      const origin = weakMapGet(origins, prototype)
      if (origin !== undefined) return origin.realmId
      prototype = getPrototypeOf(prototype)
    }
    return undefined
  }

  function findByValue(value: object, fallbackId: number): number {
    const known = weakMapGet(realmIdsByValue, value)
    if (known !== undefined) return known
    weakMapSet(realmIdsByValue, value, fallbackId)
    return fallbackId
  }

  return {
    add(prototypes) {
      const realmId = ++lastId
      addToSet(inUse, realmId)
      const { function: functions, object, array, date, map, set, regExp } = prototypes
      weakMapSet(origins, functions, { realmId, plainKind: undefined })
      weakMapSet(origins, object, { realmId, plainKind: 'object' })
      weakMapSet(origins, array, { realmId, plainKind: 'array' })
      weakMapSet(origins, date, { realmId, plainKind: 'date' })
      weakMapSet(origins, map, { realmId, plainKind: 'map' })
      weakMapSet(origins, set, { realmId, plainKind: 'set' })
      weakMapSet(origins, regExp, { realmId, plainKind: 'regExp' })
      return realmId
    },
    retire(realmId) {
      deleteFromSet(inUse, realmId)
    },
    isInUse: (realmId) => hasInSet(inUse, realmId),
    findOrigin(value, fallbackId) {
      const prototype = getPrototypeOf(value)
      if (prototype === null) {
        const plainKind = typeof value === 'object' ? 'object' : undefined
        return { realmId: findByValue(value, fallbackId), plainKind }
      }
      const origin = typeof value === 'function' ? undefined : weakMapGet(origins, prototype)
      // An object may have been given the prototype of an array.
      if (origin !== undefined && (origin.plainKind === 'array') === isArray(value)) return origin
      return { realmId: findByChain(value) ?? findByValue(value, fallbackId), plainKind: undefined }
    },
    claim: (value, realmId) => void weakMapSet(realmIdsByValue, value, realmId),
  }
}
