import type { Change } from '../../profile/schema/changes.ts'
import { parsePointer } from '../../sandbox/wire/make-changes.ts'

type Container = Record<string, unknown> | unknown[]

/**
 * Applies a rule's changes to a copy of a value. Missing containers are created: a trace is about a whole login, and the
 * value may be a part of it.
 */
export function applyChanges(value: object, changes: readonly Change[]): object {
  const result = structuredClone(value)
  for (const change of changes) applyChange(result as Container, change)
  return result
}

function applyChange(root: Container, { op, path, value }: Change): void {
  const names = parsePointer(path)
  const lastName = names.pop()
  if (lastName === undefined) return
  let container = root
  for (const name of names) {
    const next = getMember(container, name)
    if (typeof next === 'object' && next !== null) container = next as Container
    else {
      const child = {}
      put(container, name, child)
      container = child
    }
  }
  if (op === 'remove') remove(container, lastName)
  else if (op === 'add' && Array.isArray(container))
    container.splice(lastName === '-' ? container.length : Number(lastName), 0, value)
  else put(container, lastName, value)
}

function getMember(container: Container, name: string): unknown {
  return Object.hasOwn(container, name) ? (container as Record<string, unknown>)[name] : undefined
}

function put(container: Container, name: string, value: unknown): void {
  Object.defineProperty(container, name, { value, writable: true, enumerable: true, configurable: true })
}

function remove(container: Container, name: string): void {
  if (Array.isArray(container)) container.splice(Number(name), 1)
  else delete container[name]
}
