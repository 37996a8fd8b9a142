import { construct, create, defineProperty, deleteProperty } from '../../wire/primordials.ts'

/**
 * Removes builtins that a rule must not have, before the realm is hardened:
 *
 * - memory that the isolate's limit does not count (WebAssembly, shared and resizable buffers)
 * - builtins through which one login could observe the garbage collection of another
 */
export function removeUnsafeBuiltins(realm: object): void {
  removeUnsafeGlobals(realm)
  const { prototype } = ArrayBuffer
  for (const name of ['resize', 'resizable', 'maxByteLength', 'transfer', 'transferToFixedLength']) {
    deleteProperty(prototype, name)
  }
  const Native = ArrayBuffer
  // The second argument makes a buffer resizable, so the constructor that rules can reach takes only the first.
  function FixedArrayBuffer(this: unknown, length: number): unknown {
    if (new.target === undefined) throw new TypeError("Constructor ArrayBuffer requires 'new'")
    return construct(Native, [length], new.target)
  }
  const fixed: unknown = FixedArrayBuffer
  defineProperty(fixed as object, 'name', { value: 'ArrayBuffer', configurable: true })
  defineProperty(fixed as object, 'prototype', { value: prototype, writable: false })
  defineProperty(fixed as object, 'isView', { value: Native.isView, writable: true, configurable: true })
  const species = Object.getOwnPropertyDescriptor(Native, Symbol.species)
  if (species !== undefined) defineProperty(fixed as object, Symbol.species, species)
  defineProperty(prototype, 'constructor', { value: fixed, writable: true, configurable: true })
  defineProperty(realm, 'ArrayBuffer', { value: fixed, writable: true, configurable: true })
}

/** Removes the globals among them. V8 defines some of them again in each context from a snapshot. */
export function removeUnsafeGlobals(realm: object): void {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry']) {
    deleteProperty(realm, name)
  }
}

/**
 * For a realm whose builtins are not frozen: a `toJSON` that a rule sets on a root prototype must not change our
 * results.
 */
export function neutralizeToJson(): void {
  const own = create(null) as PropertyDescriptor
  own.configurable = false
  own.get = () => undefined
  own.set = function set(this: object, value: unknown) {
    defineProperty(this, 'toJSON', { value, writable: true, enumerable: true, configurable: true })
  }
  defineProperty(Object.prototype, 'toJSON', own)
  defineProperty(Array.prototype, 'toJSON', own)
}
