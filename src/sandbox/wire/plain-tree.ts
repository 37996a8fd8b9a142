import {
  arrayPrototype,
  getPrototypeOf,
  hasOwn,
  isArray,
  isFiniteNumber,
  keys,
  objectPrototype,
  push,
} from './primordials.ts'

type Plain = Record<string, unknown>

/** Stands for a copy where there is none. */
const none = Symbol('not plain')
const maxSeen = 48

/**
 * Copies what JSON alone can say: plain objects and lists, each in one place, with no dates, no `undefined` and nothing that
 * would run when it is read. Undefined for anything else, and where finding out would take long.
 */
export function copyPlainTree<T extends object>(tree: T, maxDepth: number): T | undefined {
  const seen: object[] = []

  function copy(part: unknown, depth: number): unknown {
    switch (typeof part) {
      case 'string':
      case 'boolean':
        return part
      case 'number':
        // In JSON's words, -0 is 0.
        return isFiniteNumber(part) ? part + 0 : none
      case 'object':
        if (part === null) return null
        return depth < maxDepth && isNew(part) ? copyObject(part, depth + 1) : none
      default:
        return none
    }
  }

  function isNew(part: object): boolean {
    for (let index = 0; index < seen.length; index++) if (seen[index] === part) return false
    return push(seen, part) <= maxSeen
  }

  function copyObject(part: object, depth: number): unknown {
    const prototype = getPrototypeOf(part)
    if (isArray(part)) return prototype === arrayPrototype ? copyItems(part, depth) : none
    return prototype === objectPrototype ? copyMembers(part as Plain, depth) : none
  }

  function copyItems(list: readonly unknown[], depth: number): unknown {
    const items: unknown[] = []
    for (let index = 0; index < list.length; index++) {
      const item = copy(list[index], depth)
      if (item === none) return none
      push(items, item)
    }
    return items
  }

  function copyMembers(part: Plain, depth: number): unknown {
    const members: Plain = {}
    const names = keys(part)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      const member = name === '__proto__' ? none : copy(part[name], depth)
      if (member === none) return none
      members[name] = member
    }
    return hasOwn(part, 'toJSON') ? none : members
  }

  const result = copy(tree, 0)
  return result === none ? undefined : (result as T)
}
