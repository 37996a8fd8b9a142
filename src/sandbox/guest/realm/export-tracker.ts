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

/** Watches what modules export, from login to login. */
export interface ExportTracker {
  /** Takes exports as they are now for clean: from here on nothing can be added to them. */
  add(exports: unknown): void
  /** Puts back what has been written since. */
  restore(): void
}

/**
 * Watches the exports themselves and the plain objects they hold, such as `axios.defaults`; classes and instances are left
 * alone. They cannot be frozen: some modules write to their own exports while they work, and put back what was there. What
 * inherits from a watched object, such as the prototype of a constructor, is written to as ever.
 */
export function createExportTracker(): ExportTracker {
  let hasWrites = false
  const resets: (() => void)[] = []

  function trackProperty(owner: object, name: PropertyKey, original: unknown, enumerable: boolean): void {
    let value = original
    const get = freeze(() => value)
    // A method has no `prototype`, which would be a place to leave something at.
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
