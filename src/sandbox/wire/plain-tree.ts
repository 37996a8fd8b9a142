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

/** Result of a copy that is not possible. */
const notPlain = Symbol('not plain')
const maxSeen = 48

/**
 * Copies a tree that JSON can express without marks. It has plain objects and arrays only, each of them in one place, and
 * neither dates nor `undefined`. Returns undefined for any other value. Also returns undefined if it has more than 48
 * objects, because the check would be slow.
 */
export function copyPlainTree<T extends object>(tree: T, maxDepth: number): T | undefined {
  const seen: object[] = []

  function copy(part: unknown, depth: number): unknown {
    switch (typeof part) {
      case 'string':
      case 'boolean':
        return part
      case 'number':
        // JSON writes -0 as 0.
        return isFiniteNumber(part) ? part + 0 : notPlain
      case 'object':
        if (part === null) return null
        return depth < maxDepth && isNew(part) ? copyObject(part, depth + 1) : notPlain
      default:
        return notPlain
    }
  }

  function isNew(part: object): boolean {
    for (let index = 0; index < seen.length; index++) if (seen[index] === part) return false
    return push(seen, part) <= maxSeen
  }

  function copyObject(part: object, depth: number): unknown {
    const prototype = getPrototypeOf(part)
    if (isArray(part)) return prototype === arrayPrototype ? copyItems(part, depth) : notPlain
    return prototype === objectPrototype ? copyMembers(part as Plain, depth) : notPlain
  }

  function copyItems(list: readonly unknown[], depth: number): unknown {
    const items: unknown[] = []
    for (let index = 0; index < list.length; index++) {
      const item = copy(list[index], depth)
      if (item === notPlain) return notPlain
      push(items, item)
    }
    return items
  }

  function copyMembers(part: Plain, depth: number): unknown {
    const members: Plain = {}
    const names = keys(part)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      const member = name === '__proto__' ? notPlain : copy(part[name], depth)
      if (member === notPlain) return notPlain
      members[name] = member
    }
    return hasOwn(part, 'toJSON') ? notPlain : members
  }

  const result = copy(tree, 0)
  return result === notPlain ? undefined : (result as T)
}
