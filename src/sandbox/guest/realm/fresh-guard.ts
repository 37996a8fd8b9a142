import {
  NativeError,
  NativeSet,
  addToSet,
  defineProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasInSet,
  isArray,
  ownKeys,
  pop,
  push,
  toJson,
  toText,
} from '../../wire/primordials.ts'
import type { GuardedRealm, RealmGuard } from './realm-guard.ts'
import { createForeignWriteError } from './realm.ts'

const realm: Record<PropertyKey, unknown> = globalThis

/**
 * Rules may change the builtins of a fresh realm. From the moment when a function or an instance on `global` leads to the
 * realm, other logins could change them as well. So they are frozen then, as the realm's own login has left them.
 *
 * Until then nothing leads to the realm but what its own login does.
 */
export function createFreshGuard({ sharedGlobal, realmId, moduleNames, isUnderWay }: GuardedRealm): RealmGuard {
  const isCurrent = (): boolean => sharedGlobal.currentRealmId === realmId
  const builtins = listBuiltins(moduleNames)
  let isFrozen = false

  function freezeBuiltins(): void {
    isFrozen = true
    freezeReachable(builtins)
    guardGlobalNames(isCurrent)
  }

  return {
    enter: () => undefined,
    leave() {
      if (isFrozen || !isUnderWay() || ownKeys(sharedGlobal.values).length === 0) return
      if (sharedGlobal.hasInstances(realmId)) freezeBuiltins()
    },
    retire: (maxRealms) => toJson(sharedGlobal.retire(realmId, maxRealms)),
  }
}

/** Lists the objects on the global object, before rules can replace them, and those that only syntax leads to. */
function listBuiltins(moduleNames: readonly string[]): object[] {
  const builtins: object[] = [
    getPrototypeOf(async function () {})!,
    getPrototypeOf(function* () {})!,
    getPrototypeOf(async function* () {})!,
    getPrototypeOf([][Symbol.iterator]())!,
    getPrototypeOf(''[Symbol.iterator]())!,
    getPrototypeOf(new Map()[Symbol.iterator]())!,
    getPrototypeOf(new Set()[Symbol.iterator]())!,
    getPrototypeOf(''.matchAll(/x/g))!,
  ]
  const names = ownKeys(realm)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    if (moduleNames.includes(String(name))) continue
    const value: unknown = getOwnPropertyDescriptor(realm, name)?.value
    if (isObject(value) && value !== realm) push(builtins, value)
  }
  return builtins
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** Freezes objects, and all that their members and prototypes lead to. */
function freezeReachable(objects: object[]): void {
  const seen = new NativeSet<object>([realm])
  for (let object = pop(objects); object !== undefined; object = pop(objects)) {
    if (hasInSet(seen, object)) continue
    addToSet(seen, object)
    const names = ownKeys(object)
    for (let index = 0; index < names.length; index++) {
      const descriptor = getOwnPropertyDescriptor(object, names[index]!)!
      const { value, get, set } = descriptor as {
        readonly value?: unknown
        readonly get?: unknown
        readonly set?: unknown
      }
      if (isObject(value)) push(objects, value)
      if (isObject(get)) push(objects, get)
      if (isObject(set)) push(objects, set)
      allowOverride(object, names[index]!, descriptor)
    }
    const prototype = getPrototypeOf(object)
    if (prototype !== null) push(objects, prototype)
    if (!ArrayBuffer.isView(object)) freeze(object)
  }
}

/**
 * Turns a member into an accessor that objects which inherit it may assign to. JavaScript refuses that if the member is
 * frozen, and code does assign to names such as `toString` and `constructor`.
 */
function allowOverride(
  owner: object,
  name: PropertyKey,
  { value, configurable, writable, enumerable }: PropertyDescriptor,
): void {
  if (configurable !== true || writable !== true || isArray(owner)) return
  const get = freeze(() => value as unknown)
  const set = freeze(function set(this: object, own: unknown) {
    if (this === owner) throw new NativeError(`${toText(name)} cannot change: functions on global lead to this realm`)
    defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true })
  })
  defineProperty(owner, name, { get, set, enumerable: enumerable === true, configurable: true })
}

/** From now on only the realm's own login assigns to its globals, and nothing hides them. */
function guardGlobalNames(isCurrent: () => boolean): void {
  const names = ownKeys(realm)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const { configurable, writable, enumerable, value: original } = getOwnPropertyDescriptor(realm, name)!
    if (configurable !== true || writable !== true) continue
    let value: unknown = original
    const set = freeze((next: unknown) => {
      if (!isCurrent()) throw createForeignWriteError(name)
      value = next
    })
    defineProperty(realm, name, { get: freeze(() => value), set, enumerable: enumerable === true, configurable: false })
  }
}
