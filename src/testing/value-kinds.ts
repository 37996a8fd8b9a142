import { types } from 'node:util'

/**
 * Whether an object of the test's stays where it is, and rules get a handle on it: an instance of a class, or an object with
 * functions. All else is data, and copied. Test runners have builtins of their own, so nothing is compared with ours.
 */
export function isHandle(value: object): boolean {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isTypedArray(value)) return false
  if (!isPlain(value) || Object.hasOwn(value, 'constructor')) return true
  return Object.values(value).some((member) => typeof member === 'function')
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The name of the builtin that a prototype belongs to; undefined where it is the test's own. */
export function kindOfPrototype(prototype: object): 'Object' | 'Array' | 'Function' | 'Error' | undefined {
  if (Array.isArray(prototype)) return 'Array'
  if (typeof prototype === 'function') return Object.hasOwn(prototype, 'prototype') ? undefined : 'Function'
  if (Object.getPrototypeOf(prototype) === null) return 'Object'
  const { constructor } = prototype
  if (typeof constructor !== 'function') return undefined
  const isNative = Function.prototype.toString.call(constructor).includes('[native code]')
  return isNative && constructor.name === 'Error' ? 'Error' : undefined
}

/** The `Error` of the realm that a value comes from. */
export function errorClassOf(value: object): ErrorConstructor {
  let root: object = value
  for (let next: unknown = root; typeof next === 'object' && next !== null; next = Object.getPrototypeOf(next))
    root = next
  const { constructor: RealmObject } = root as { readonly constructor?: { readonly constructor?: FunctionConstructor } }
  const RealmFunction = RealmObject?.constructor
  if (RealmFunction === undefined || RealmFunction === Function) return Error
  return RealmFunction('return Error')() as ErrorConstructor
}
