import { isPlain } from './value-kinds.ts'

type Members = Record<string, unknown>

/** Makes `target` equal to `source` in place: an object that is in both stays the caller's own object. */
export function writeBack(target: object, source: object): void {
  const ownObjects = new Map<object, object>()
  pair(target, source, ownObjects)
  write(target, source, ownObjects)
}

/** Finds the caller's object for each object of `source`, so that an object in several places stays one object. */
function pair(target: object, source: object, ownObjects: Map<object, object>): void {
  if (ownObjects.has(source)) return
  ownObjects.set(source, target)
  for (const [name, value] of Object.entries(source)) {
    const old = (target as Members)[name]
    if (isAlike(old, value)) pair(old, value as object, ownObjects)
  }
}

function write(target: object, source: object, ownObjects: Map<object, object>, visited = new Set<object>()): void {
  if (visited.has(source)) return
  visited.add(source)
  if (Array.isArray(target)) target.length = Math.min(target.length, (source as unknown[]).length)
  else {
    for (const name of Object.keys(target)) if (!Object.hasOwn(source, name)) Reflect.deleteProperty(target, name)
  }
  for (const [name, value] of Object.entries(source)) {
    const old = (target as Members)[name]
    const isObject = typeof value === 'object' && value !== null
    const nextValue: unknown = isObject ? (ownObjects.get(value) ?? value) : value
    if (isObject && !isDate(value)) write(nextValue as object, value, ownObjects, visited)
    if (!isSame(old, nextValue)) (target as Members)[name] = nextValue
  }
}

function isSame(old: unknown, value: unknown): boolean {
  return Object.is(old, value) || (isDate(old) && isDate(value) && old.getTime() === value.getTime())
}

/** Not `instanceof`: test runners have a `Date` for each test file. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

function isAlike(old: unknown, value: unknown): old is object {
  if (typeof old !== 'object' || old === null || typeof value !== 'object' || value === null) return false
  if (Array.isArray(old) || Array.isArray(value)) return Array.isArray(old) && Array.isArray(value)
  return isPlain(old) && isPlain(value)
}
