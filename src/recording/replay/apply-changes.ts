import type { Change } from '../../profile/schema/changes.ts'
import { namesOf } from '../../sandbox/wire/make-changes.ts'

type Holder = Record<string, unknown> | unknown[]

/**
 * A value after a rule's changes. What a change stands in and is not there is made, since a trace tells of a whole login
 * and its reader may have only the user of it.
 */
export function withChanges(value: object, changes: readonly Change[]): object {
  const result = structuredClone(value)
  for (const change of changes) apply(result as Holder, change)
  return result
}

function apply(root: Holder, { op, path, value }: Change): void {
  const names = namesOf(path)
  const last = names.pop()
  if (last === undefined) return
  let holder = root
  for (const name of names) {
    const next = memberOf(holder, name)
    if (typeof next === 'object' && next !== null) holder = next as Holder
    else {
      const made = {}
      put(holder, name, made)
      holder = made
    }
  }
  if (op === 'remove') remove(holder, last)
  else if (op === 'add' && Array.isArray(holder)) holder.splice(last === '-' ? holder.length : Number(last), 0, value)
  else put(holder, last, value)
}

function memberOf(holder: Holder, name: string): unknown {
  return Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined
}

function put(holder: Holder, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true })
}

function remove(holder: Holder, name: string): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1)
  else delete holder[name]
}
