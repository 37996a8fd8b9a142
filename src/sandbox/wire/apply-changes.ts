import type { Change } from '../../profile/schema/changes.ts'
import { clonePlain, type Json } from './json.ts'

type Container = Record<string, unknown> | unknown[]

/**
 * Applies changes (RFC 6902: `add`, `remove`, `replace`) in place, to a value as `JSON.parse` gives it.
 *
 * Not a library: those resolve a path through inherited properties. A compromised worker could use that to change the
 * builtins of the embedder's process.
 *
 * @throws {TypeError} if a path names something absent, something inherited or a prototype
 */
export function applyChanges(root: unknown, changes: readonly Change[]): void {
  for (const { op, path, value } of changes) {
    const keys = parsePointer(path)
    const last = keys.pop()
    if (last === undefined || last === '__proto__') throw new TypeError(`the change at "${path}" names no member`)
    let container = toContainer(root, path)
    for (const key of keys) {
      if (!Object.hasOwn(container, key)) throw createAbsentError(path)
      container = toContainer((container as Record<string, unknown>)[key], path)
    }
    if (op !== 'add' && !Object.hasOwn(container, last)) throw createAbsentError(path)
    // The trace holds the same value, and later changes must not alter it there.
    const copy = clonePlain(value as Json)
    if (Array.isArray(container)) changeItem(container, { op, path, value: copy }, Number(last))
    else if (op === 'remove') delete container[last]
    else container[last] = copy
  }
}

function changeItem(list: unknown[], { op, path, value }: Change, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw createAbsentError(path)
  if (op === 'remove') list.splice(index, 1)
  else list.splice(index, op === 'add' ? 0 : 1, value)
}

/** Splits a JSON Pointer (RFC 6901) into its names, from the root on. */
export function parsePointer(pointer: string): string[] {
  const names = pointer.split('/').slice(1)
  return pointer.includes('~') ? names.map(unescapeName) : names
}

function unescapeName(name: string): string {
  return name.includes('~') ? name.replaceAll('~1', '/').replaceAll('~0', '~') : name
}

function toContainer(value: unknown, path: string): Container {
  if (typeof value !== 'object' || value === null) throw createAbsentError(path)
  return value as Container
}

function createAbsentError(path: string): TypeError {
  return new TypeError(`the change at "${path}" names nothing that is there`)
}
