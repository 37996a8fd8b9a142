import type { Change } from '../../profile/schema/changes.ts'
import { clonePlain, type Json } from './json.ts'

type Container = Record<string, unknown> | unknown[]

/**
 * Applies changes to a value that `JSON.parse` returned. Libraries for JSON Patch follow a path through inherited members,
 * which a hijacked worker could use to change builtins of this process.
 *
 * @throws {TypeError} if a path does not exist, or leads to a prototype
 */
export function makeChanges(root: unknown, changes: readonly Change[]): void {
  for (const { op, path, value } of changes) {
    const keys = parsePointer(path)
    const last = keys.pop()
    if (last === undefined || last === '__proto__') throw new TypeError('the path of a change names no member')
    let container = toContainer(root)
    for (const key of keys) {
      if (!Object.hasOwn(container, key)) throw new TypeError('the path of a change does not exist')
      container = toContainer((container as Record<string, unknown>)[key])
    }
    // The trace holds the same value, and must not show later changes.
    change(container, last, op, clonePlain(value as Json))
  }
}

function change(container: Container, key: string, op: Change['op'], value: unknown): void {
  if (op !== 'add' && !Object.hasOwn(container, key)) throw new TypeError('the member of a change does not exist')
  if (Array.isArray(container)) changeItem(container, Number(key), op, value)
  else if (op === 'remove') delete container[key]
  else container[key] = value
}

function changeItem(list: unknown[], index: number, op: Change['op'], value: unknown): void {
  if (!Number.isInteger(index) || index < 0 || index > list.length)
    throw new TypeError('the index of a change is outside its list')
  if (op === 'remove') list.splice(index, 1)
  else list.splice(index, op === 'add' ? 0 : 1, value)
}

/** Parses a JSON Pointer (RFC 6901) into its member names, from the root on. */
export function parsePointer(pointer: string): string[] {
  const names = pointer.split('/').slice(1)
  return pointer.includes('~') ? names.map(unescapeName) : names
}

function unescapeName(name: string): string {
  return name.includes('~') ? name.replaceAll('~1', '/').replaceAll('~0', '~') : name
}

function toContainer(value: unknown): Container {
  if (typeof value !== 'object' || value === null)
    throw new TypeError('the path of a change leads into a value that is not an object')
  return value as Container
}
