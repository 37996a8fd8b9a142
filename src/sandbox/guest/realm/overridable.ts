import { defineProperty, freeze, getOwnPropertyDescriptor, ownKeys } from '../../wire/primordials.ts'

/**
 * Lets instances have members of their own by the names of a prototype's methods, once the prototype is frozen: JavaScript
 * refuses the assignment otherwise, and modules do assign to buffers. `freezeDeep` is for the methods, which nothing else leads to.
 */
export function makeOverridable(prototype: object, freezeDeep: (value: object) => void): void {
  const names = ownKeys(prototype)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const { value, enumerable, configurable } = getOwnPropertyDescriptor(
      prototype,
      name,
    )! as TypedPropertyDescriptor<unknown>
    if (typeof value !== 'function' || name === 'constructor' || configurable !== true) continue
    freezeDeep(value)
    const get = freeze(() => value as unknown)
    const set = freeze(function set(this: object, own: unknown) {
      defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true })
    })
    defineProperty(prototype, name, { get, set, enumerable: enumerable === true, configurable: true })
  }
}
