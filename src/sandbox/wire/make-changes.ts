import type { Change } from '../../profile/schema/changes.ts'
import { clonePlain, type Json } from './json.ts'

type Container = Record<string, unknown> | unknown[]

/**
 * Makes the changes that a watch has found, in a value as `JSON.parse` gives it. Libraries for this follow a path through
 * what a value inherits, which a worker that has been taken over could use to change our own builtins.
 *
 * Throws where a path leads nowhere, or to a prototype.
 */
export function makeChanges(root: unknown, changes: readonly Change[]): void {
  for (const { op, path, value } of changes) {
    const keys = parsePointer(path)
    const last = keys.pop()
    if (last === undefined || last === '__proto__') throw new TypeError('a change of no member')
    let container = toContainer(root)
    for (const key of keys) {
      if (!Object.hasOwn(container, key)) throw new TypeError('a change of what is not there')
      container = toContainer((container as Record<string, unknown>)[key])
    }
    // The value stands in the trace as well, where later changes must not show.
    change(container, last, op, clonePlain(value as Json))
  }
}

function change(container: Container, key: string, op: Change['op'], value: unknown): void {
  if (op !== 'add' && !Object.hasOwn(container, key)) throw new TypeError('a change of what is not there')
  if (Array.isArray(container)) changeItem(container, Number(key), op, value)
  else if (op === 'remove') delete container[key]
  else container[key] = value
}

function changeItem(list: unknown[], index: number, op: Change['op'], value: unknown): void {
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw new TypeError('a change of what is no item')
  if (op === 'remove') list.splice(index, 1)
  else list.splice(index, op === 'add' ? 0 : 1, value)
}

/** The names of a JSON Pointer (RFC 6901), from the root on. */
export function parsePointer(pointer: string): string[] {
  const names = pointer.split('/').slice(1)
  return pointer.includes('~') ? names.map(unescapeName) : names
}

function unescapeName(name: string): string {
  return name.includes('~') ? name.replaceAll('~1', '/').replaceAll('~0', '~') : name
}

function toContainer(value: unknown): Container {
  if (typeof value !== 'object' || value === null) throw new TypeError('a change inside of what holds nothing')
  return value as Container
}
