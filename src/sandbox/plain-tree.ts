import {
  arrayPrototype,
  getPrototypeOf,
  hasOwn,
  isArray,
  isFiniteNumber,
  keys,
  objectPrototype,
  push,
} from './guest/primordials.ts'

const maxMet = 48

/**
 * Whether JSON alone can say what `value` is: plain objects and lists, each in one place, with no dates, no `undefined`
 * and nothing that would run when it is read. Answers false as well where finding out would take long.
 */
export function isPlainTree(value: unknown, maxDepth: number): boolean {
  const met: object[] = []

  function isPlain(part: unknown, depth: number): boolean {
    switch (typeof part) {
      case 'string':
      case 'boolean':
        return true
      case 'number':
        return isFiniteNumber(part)
      case 'object':
        return part === null || (depth < maxDepth && isPlainObject(part, depth))
      default:
        return false
    }
  }

  function isPlainObject(part: object, depth: number): boolean {
    for (let index = 0; index < met.length; index++) if (met[index] === part) return false
    if (push(met, part) > maxMet) return false
    return isArray(part) ? areItemsPlain(part, depth) : areMembersPlain(part, depth)
  }

  function areItemsPlain(list: readonly unknown[], depth: number): boolean {
    if (getPrototypeOf(list) !== arrayPrototype) return false
    for (let index = 0; index < list.length; index++) if (!isPlain(list[index], depth + 1)) return false
    return true
  }

  function areMembersPlain(part: object, depth: number): boolean {
    if (getPrototypeOf(part) !== objectPrototype) return false
    const names = keys(part)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (name === '__proto__' || !isPlain((part as Record<string, unknown>)[name], depth + 1)) return false
    }
    return !hasOwn(part, 'toJSON')
  }

  return isPlain(value, 0)
}
