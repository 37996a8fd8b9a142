import { types } from 'node:util'

/**
 * Whether an object of the test stays in the test, and rules get a proxy: an instance of a class, or an object with
 * functions. Everything else is data, and copied. Test runners have a realm for each test file, so nothing is compared with
 * the builtins of this one.
 */
export function isReference(value: object): boolean {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isTypedArray(value)) return false
  if (!isPlain(value) || Object.hasOwn(value, 'constructor')) return true
  return Object.values(value).some((member) => typeof member === 'function')
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Identifies the builtin of a prototype; undefined if it is not a builtin. */
export function identifyPrototype(prototype: object): 'Object' | 'Array' | 'Function' | 'Error' | undefined {
  if (Array.isArray(prototype)) return 'Array'
  if (typeof prototype === 'function') return Object.hasOwn(prototype, 'prototype') ? undefined : 'Function'
  if (Object.getPrototypeOf(prototype) === null) return 'Object'
  const { constructor } = prototype
  if (typeof constructor !== 'function') return undefined
  return isNative(constructor) && constructor.name === 'Error' ? 'Error' : undefined
}

/** Whether a function compiles code from text. No rule gets one, whatever path it follows from the values of its test. */
export function canCompileCode(value: object): boolean {
  if (typeof value !== 'function' || !isNative(value)) return false
  return value.name === 'eval' || /^(?:Async)?(?:Generator)?Function$/.test(value.name)
}

/** Identifies a builtin constructor; undefined if it is not a builtin. */
export function identifyConstructor(value: unknown): ReturnType<typeof identifyPrototype> {
  if (typeof value !== 'function' || !isNative(value)) return undefined
  const prototype: unknown = value.prototype
  return (typeof prototype === 'object' && prototype !== null) || typeof prototype === 'function'
    ? identifyPrototype(prototype)
    : undefined
}

function isNative(value: object): boolean {
  return Function.prototype.toString.call(value).includes('[native code]')
}

/** Finds `Error` of the realm that a value comes from. */
export function findErrorClass(value: object): ErrorConstructor {
  let root: object = value
  for (let next: object | null = root; next !== null; next = Object.getPrototypeOf(next) as object | null) root = next
  const { constructor: RealmObject } = root as { readonly constructor?: { readonly constructor?: FunctionConstructor } }
  const RealmFunction = RealmObject?.constructor
  if (RealmFunction === undefined || RealmFunction === Function) return Error
  return RealmFunction('return Error')() as ErrorConstructor
}
