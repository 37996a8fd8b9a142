import { apply, defineProperty } from '../../wire/primordials.ts'

/** Functions of `Reflect` that return false if they may not write. */
const reflectNames = ['set', 'defineProperty', 'deleteProperty', 'setPrototypeOf'] as const

/** Makes functions of `Reflect` report a write that had no effect. Call it before the builtins are frozen. */
export function reportReflectWrites(onRefused: (target: object, key: unknown) => void): void {
  for (const name of reflectNames) {
    const native = Reflect[name] as (...args: unknown[]) => boolean
    const own = {
      [name](...args: unknown[]): boolean {
        const isDone = apply(native, undefined, args)
        if (!isDone) onRefused(args[0] as object, args[1])
        return isDone
      },
    }
    defineProperty(own[name]!, 'length', { value: native.length, configurable: true })
    defineProperty(Reflect, name, { value: own[name], writable: true, enumerable: false, configurable: true })
  }
}
