import {
  NativeTypeError,
  defineProperty,
  deleteProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  keys,
  ownKeys,
  push,
  setPrototypeOf,
  toText,
} from '../../wire/primordials.ts'

const realm: Record<PropertyKey, unknown> = globalThis

/** Globals that `ses` adds for its own use. */
const sesGlobals = [
  'lockdown',
  'repairIntrinsics',
  'hardenIntrinsics',
  'harden',
  'Compartment',
  'assert',
  'getStackString',
  'ModuleSource',
]

/** Freezes every builtin of this realm. Only the global object stays mutable; `createGlobalRestorer` restores it. */
export function harden(): (value: object) => void {
  const { lockdown } = globalThis as unknown as { lockdown: (options: object) => void }
  lockdown({
    errorTaming: 'unsafe',
    stackFiltering: 'verbose',
    overrideTaming: 'severe',
    evalTaming: 'unsafe-eval',
    localeTaming: 'unsafe',
    consoleTaming: 'unsafe',
    domainTaming: 'unsafe',
    errorTrapping: 'none',
    unhandledRejectionTrapping: 'none',
    reporting: 'none',
    legacyRegeneratorRuntimeTaming: 'unsafe-ignore',
  })
  const { harden: freezeDeep } = globalThis as unknown as { harden: (value: object) => void }
  for (const name of sesGlobals) deleteProperty(realm, name)
  for (const key of ownKeys(realm)) if (typeof key === 'symbol') deleteProperty(realm, key)
  lockErrorStatics()
  for (const value of listUnhardened()) freezeDeep(value)
  return freezeDeep
}

/**
 * Removes the first `Error`, whose writable statics (`stackTraceLimit`, `prepareStackTrace`) would carry over to the
 * next login.
 */
function lockErrorStatics(): void {
  const shared = Error.prototype.constructor
  realm['Error'] = shared
  const { SuppressedError } = realm
  if (typeof SuppressedError === 'function') setPrototypeOf(SuppressedError, shared)
}

/** Lists builtins that `ses` does not know, and builtins that only a call returns. */
function listUnhardened(): object[] {
  const objects: object[] = []
  for (const name of ownKeys(realm)) {
    const value = realm[name]
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
    if (isObject && value !== realm) objects.push(value)
  }
  const segments = new Intl.Segmenter().segment('')
  objects.push(getPrototypeOf(segments)!, getPrototypeOf(segments[Symbol.iterator]())!)
  const iterators = getPrototypeOf(getPrototypeOf([][Symbol.iterator]())!) as Iterable<unknown>
  objects.push(iterators[Symbol.iterator])
  return objects
}

/** The names on the global object that are not constants. */
export interface GlobalNames {
  readonly assignable: readonly string[]
  /** By name, a function that returns the value until a login assigns one. */
  readonly computed: Readonly<Record<string, () => unknown>>
  /** Whether the realm's own login runs. Another one may reach the global object through functions on `global`. */
  readonly canAssign: () => boolean
}

/** Restores the global object between logins. */
export interface GlobalRestorer {
  /** Removes what a login left on the global object; false if something cannot be removed. */
  restore(): boolean
}

/**
 * Takes the global object as it is now as the clean state.
 *
 * - Names of JavaScript become constants.
 * - `assignable` names, such as `Promise` or `fetch`, become accessors, because rules assign to them; a setter
 *   notes that there is something to restore.
 * - `computed` names are assignable, too. Until a login assigns to one, its function returns the value.
 * - All of them are defined on the prototype of the global object, so that own properties are what a login left.
 *   Listing a hundred own names to find none was a good part of the cost of a login.
 */
export function createGlobalRestorer({ assignable, computed, canAssign }: GlobalNames): GlobalRestorer {
  const prototype = getPrototypeOf(realm)!
  let isDirty = false
  const resets: (() => void)[] = []
  const computedNames = keys(computed)
  for (let index = 0; index < computedNames.length; index++) {
    const name = computedNames[index]!
    const original = computed[name]!
    let read = original
    const get = freeze(() => read())
    const set = freeze((next: unknown) => {
      if (!canAssign()) throw createForeignWriteError(name)
      read = () => next
      isDirty = true
    })
    defineProperty(prototype, name, { get, set, enumerable: false, configurable: false })
    push(resets, () => {
      read = original
    })
  }
  for (let index = 0; index < assignable.length; index++) {
    const name = assignable[index]!
    const original = realm[name]
    let value = original
    const get = freeze(() => value)
    const set = freeze((next: unknown) => {
      if (!canAssign()) throw createForeignWriteError(name)
      value = next
      isDirty = true
    })
    deleteProperty(realm, name)
    defineProperty(prototype, name, { get, set, enumerable: false, configurable: false })
    push(resets, () => {
      value = original
    })
  }
  const all = ownKeys(realm)
  for (let index = 0; index < all.length; index++) {
    const name = all[index]!
    if (!getOwnPropertyDescriptor(realm, name)!.configurable) continue
    defineProperty(prototype, name, { value: realm[name], writable: false, enumerable: false, configurable: false })
    deleteProperty(realm, name)
  }
  freeze(prototype)
  const names = ownKeys(realm)

  function isKnown(name: PropertyKey): boolean {
    for (let index = 0; index < names.length; index++) if (names[index] === name) return true
    return false
  }

  function removeAdded(): boolean {
    const currentNames = ownKeys(realm)
    if (currentNames.length === names.length) return true
    for (let index = 0; index < currentNames.length; index++) {
      const name = currentNames[index]!
      if (!isKnown(name) && !deleteProperty(realm, name)) return false
    }
    return true
  }

  return {
    restore() {
      if (!isExtensible(realm) || getPrototypeOf(realm) !== prototype) return false
      if (isDirty) for (let index = 0; index < resets.length; index++) resets[index]!()
      isDirty = false
      return removeAdded()
    },
  }
}

/** The error of a login that assigns to a global of another login. */
export function createForeignWriteError(name: PropertyKey): Error {
  return new NativeTypeError(`${toText(name)} belongs to another login; assign to the global of your own login`)
}
