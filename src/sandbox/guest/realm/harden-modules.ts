import {
  defineProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isArray,
  isExtensible,
  ownKeys,
  push,
  toText,
} from '../../wire/primordials.ts'
import type { SharedWrites } from './shared-writes.ts'

/** The exports of a module of ours, and the name that errors call it by. */
export interface SharedExports {
  readonly name: string
  readonly exports: unknown
}

interface Reached {
  readonly value: object
  readonly path: string
}

/**
 * Freezes the exports of modules, and all that they lead to, after the modules have started.
 *
 * - Members become accessors. An object that inherits from a frozen one can still have a member of the same name, as a
 *   subclass does, which JavaScript refuses for frozen data. A write to the frozen object itself is refused with an error,
 *   which a script that is not strict would not get otherwise.
 * - What is frozen already, such as the builtins, stays as it is.
 *
 * Call it before any rule has run.
 */
export function hardenModules(
  modules: readonly SharedExports[],
  freezeDeep: (value: object) => void,
  writes: SharedWrites,
): void {
  const reached = listReached(modules)
  const frozenBefore: object[] = []
  for (let index = 0; index < reached.length; index++) {
    const { value, path } = reached[index]!
    writes.share(value)
    if (!isExtensible(value) || ArrayBuffer.isView(value)) {
      push(frozenBefore, value)
      continue
    }
    if (!isArray(value) && !isPlainPrototype(value)) makeInheritable(value, path, writes)
    // All that it leads to is on the list. `freezeDeep` would look at each accessor again, which is most of the cost.
    freeze(value)
  }
  freezeDeep(frozenBefore)
}

/** Whether this is the prototype that each function has; no class inherits from it. */
function isPlainPrototype(value: object): boolean {
  const keys = ownKeys(value)
  if (keys.length !== 1 || keys[0] !== 'constructor') return false
  const owner: unknown = getOwnPropertyDescriptor(value, 'constructor')!.value
  return typeof owner === 'function' && getOwnPropertyDescriptor(owner, 'prototype')?.writable === true
}

/** Lists what modules lead to: by properties, by what getters return, and by prototypes that are not frozen. */
function listReached(modules: readonly SharedExports[]): Reached[] {
  const seen = new Set<unknown>()
  const reached: Reached[] = []

  function add(value: unknown, path: string): void {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return
    // The global object is restored between logins, and must stay extensible.
    if (seen.has(value) || value === globalThis) return
    seen.add(value)
    push(reached, { value, path })
  }

  for (const { name, exports } of modules) add(exports, name)
  // The list grows while it is read.
  for (let index = 0; index < reached.length; index++) {
    const { value, path } = reached[index]!
    // `freezeDeep` goes on from here if it has not frozen this before.
    if (!isExtensible(value)) continue
    const keys = ownKeys(value)
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!
      const { get, set, value: member } = getOwnPropertyDescriptor(value, key)! as TypedPropertyDescriptor<unknown>
      const memberPath = `${path}.${toText(key)}`
      add(get, memberPath)
      add(set, memberPath)
      add(get === undefined ? member : readMember(value, key), memberPath)
    }
    add(getPrototypeOf(value), `the prototype of ${path}`)
  }
  return reached
}

/** A getter of a prototype may throw if there is no instance. */
function readMember(owner: object, key: PropertyKey): unknown {
  try {
    return (owner as Record<PropertyKey, unknown>)[key]
  } catch {
    return undefined
  }
}

function makeInheritable(owner: object, path: string, writes: SharedWrites): void {
  const keys = ownKeys(owner)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    const { value, writable, configurable, enumerable } = getOwnPropertyDescriptor(
      owner,
      key,
    )! as TypedPropertyDescriptor<unknown>
    if (writable !== true || configurable !== true) continue
    const get = freeze(() => value)
    // A method has no `prototype`, which would be one more object to freeze.
    const { set } = {
      set(this: object, next: unknown) {
        if (this !== owner && define(this, key, next)) return
        writes.refuse(`${path}.${toText(key)}`)
      },
    }
    defineProperty(owner, key, { get, set: freeze(set), enumerable: enumerable === true, configurable: false })
  }
}

/** Defines a member as an assignment does. */
function define(target: object, key: PropertyKey, value: unknown): boolean {
  return defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}
