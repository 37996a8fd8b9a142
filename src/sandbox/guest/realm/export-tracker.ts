import {
  defineProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  objectPrototype,
  ownKeys,
  preventExtensions,
  push,
} from '../../wire/primordials.ts'

/** Tracks writes to the exports of modules, and undoes them between logins. */
export interface ExportTracker {
  /** Takes exports as they are now as the clean state. After that, nothing can be added to them. */
  add(exports: unknown): void
  /** Undoes all writes. */
  restore(): void
}

/**
 * Tracks the exports and the plain objects in them, such as `axios.defaults`, but not classes and instances.
 *
 * - They cannot be frozen: some modules write to their own exports while they work, and restore them.
 * - A write to an object that inherits from a tracked one, such as a constructor's prototype, is an ordinary write.
 */
export function createExportTracker(): ExportTracker {
  let hasWrites = false
  const resets: (() => void)[] = []

  function trackProperty(owner: object, name: PropertyKey, original: unknown, enumerable: boolean): void {
    let value = original
    const get = freeze(() => value)
    // A method has no `prototype`, where a login could leave something.
    const { set } = {
      set(this: object, next: unknown) {
        if (this === owner) {
          value = next
          hasWrites = true
        } else defineProperty(this, name, { value: next, writable: true, enumerable: true, configurable: true })
      },
    }
    defineProperty(owner, name, { get, set: freeze(set), enumerable, configurable: false })
    push(resets, () => {
      value = original
    })
  }

  function trackExports(value: unknown, depth: number): void {
    if (depth === 0 || (typeof value !== 'function' && !isPlain(value))) return
    preventExtensions(value)
    const names = ownKeys(value)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      const descriptor = getOwnPropertyDescriptor(value, name)!
      const inner: unknown = descriptor.value
      const isData = descriptor.get === undefined && descriptor.set === undefined
      if (isData && descriptor.configurable && descriptor.writable)
        trackProperty(value, name, inner, descriptor.enumerable === true)
      else if (isData && descriptor.writable && isPlain(value)) defineProperty(value, name, { writable: false })
      else if (descriptor.configurable) defineProperty(value, name, { configurable: false })
      if (isPlain(inner)) trackExports(inner, depth - 1)
    }
  }

  return {
    add: (exports) => trackExports(exports, 3),
    restore() {
      if (!hasWrites) return
      hasWrites = false
      for (let index = 0; index < resets.length; index++) resets[index]!()
    },
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = getPrototypeOf(value)
  return prototype === objectPrototype || prototype === null
}
