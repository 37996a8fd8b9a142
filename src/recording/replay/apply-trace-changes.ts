import type { Change } from '../../profile/schema/changes.ts'
import { applyChanges, parsePointer } from '../../sandbox/wire/apply-changes.ts'

/**
 * Returns a copy of a login with a rule's changes applied.
 *
 * The login may be incomplete: a trace covers the whole login, and its reader may have only the user. Missing objects
 * are created, and the removal of something absent is skipped.
 */
export function applyTraceChanges(login: object, changes: readonly Change[]): object {
  const result = structuredClone(login)
  for (const change of changes) {
    const isPresent = createParents(result, change.path)
    if (isPresent || change.op !== 'remove') {
      applyChanges(result, [{ ...change, op: change.op === 'replace' && !isPresent ? 'add' : change.op }])
    }
  }
  return result
}

/** Creates the objects that a path leads through. Returns whether its last member is there. */
function createParents(root: object, path: string): boolean {
  const names = parsePointer(path)
  const last = names.pop() ?? ''
  let container = root as Record<string, unknown>
  for (const name of names) {
    const member = Object.hasOwn(container, name) ? container[name] : undefined
    const next = typeof member === 'object' && member !== null ? member : {}
    // Defined, because assigning to `__proto__` would set the prototype.
    if (next !== member)
      Object.defineProperty(container, name, { value: next, writable: true, enumerable: true, configurable: true })
    container = next as Record<string, unknown>
  }
  return Object.hasOwn(container, last)
}
