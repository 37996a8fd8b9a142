import { defineProperty, freeze, getOwnPropertyDescriptor, ownKeys } from '../../wire/primordials.ts'

/**
 * Lets modules assign own members to instances, under the names of a frozen prototype's methods. JavaScript refuses that
 * otherwise, and modules do assign to buffers. `freezeDeep` freezes the methods, because only getters lead to them
 * afterwards.
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
