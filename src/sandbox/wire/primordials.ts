/**
 * The builtins that our own guest code uses, saved before any rule has run. A rule can replace the globals and prototypes
 * that it sees, but not these. Guest code therefore calls nothing through a prototype, a global or an iterator that a rule
 * can change.
 */
const { bind, call } = Function.prototype
const uncurry = bind.bind(call) as <This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
) => (self: This, ...args: Args) => Result

export const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } =
  Reflect
export const { create, freeze, isExtensible, keys, preventExtensions, setPrototypeOf } = Object
export const { values: objectValues } = Object
export const { isArray } = Array
export const { prototype: objectPrototype } = Object
export const { prototype: arrayPrototype } = Array
export const { isFinite: isFiniteNumber } = Number
export const parseJson: (text: string) => unknown = JSON.parse
export const toJson: (value: unknown) => string = JSON.stringify
export const NativePromise: PromiseConstructor = Promise
export const NativeError: ErrorConstructor = Error
export const NativeTypeError: TypeErrorConstructor = TypeError
export const NativeMap: MapConstructor = Map
export const NativeSet: SetConstructor = Set
export const NativeWeakMap: WeakMapConstructor = WeakMap
export const NativeRegExp: RegExpConstructor = RegExp
export const NativeDate: DateConstructor = Date
export const { now: nowMs } = Date
export const toText: (value: unknown) => string = String
export const hasOwn = uncurry(Object.prototype.hasOwnProperty)
export const getTag = uncurry(Object.prototype.toString)
export const push = uncurry(Array.prototype.push) as <T>(list: T[], item: T) => number
export const pop = uncurry(Array.prototype.pop) as <T>(list: T[]) => T | undefined
export const joinList = uncurry(Array.prototype.join) as (list: readonly unknown[], separator: string) => string
export const sliceList = uncurry(Array.prototype.slice) as <T>(list: readonly T[], from?: number, to?: number) => T[]
export const sliceText = uncurry(String.prototype.slice)
export const splitText = uncurry(String.prototype.split as (separator: string) => string[])
export const indexOfText = uncurry(String.prototype.indexOf as (search: string, from?: number) => number)
export const mapGet = uncurry(Map.prototype.get) as <K, V>(map: Map<K, V>, key: K) => V | undefined
export const mapSet = uncurry(Map.prototype.set) as <K, V>(map: Map<K, V>, key: K, value: V) => Map<K, V>
export const mapDelete = uncurry(Map.prototype.delete) as <K, V>(map: Map<K, V>, key: K) => boolean
export const mapForEach = uncurry(Map.prototype.forEach) as <K, V>(
  map: Map<K, V>,
  visit: (value: V, key: K) => void,
) => void
export const addToSet = uncurry(Set.prototype.add) as <T>(set: Set<T>, value: T) => Set<T>
export const hasInSet = uncurry(Set.prototype.has) as <T>(set: Set<T>, value: T) => boolean
export const deleteFromSet = uncurry(Set.prototype.delete) as <T>(set: Set<T>, value: T) => boolean
export const setForEach = uncurry(Set.prototype.forEach) as <T>(set: Set<T>, visit: (value: T) => void) => void
export const weakMapGet = uncurry(WeakMap.prototype.get) as <K extends WeakKey, V>(
  map: WeakMap<K, V>,
  key: K,
) => V | undefined
export const weakMapSet = uncurry(WeakMap.prototype.set) as <K extends WeakKey, V>(
  map: WeakMap<K, V>,
  key: K,
  value: V,
) => WeakMap<K, V>
export const chain = uncurry(Promise.prototype.then) as <T>(
  promise: Promise<T>,
  onFulfilled: (value: T) => unknown,
  onRejected?: (reason: unknown) => unknown,
) => Promise<unknown>
export const dateTime = uncurry(Date.prototype.getTime)
export const dateText = uncurry(Date.prototype.toString)
export const dateIso = uncurry(Date.prototype.toISOString)

const resolvedPromise: Promise<void> = Promise.resolve()
// If its `constructor` is undefined, `then` does not look up a species, which a rule could have replaced.
defineProperty(resolvedPromise, 'constructor', { value: undefined })

/** Runs `job` after the code that is running now has returned. */
export function defer(job: () => void): void {
  void chain(resolvedPromise, job)
}
