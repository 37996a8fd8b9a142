import { Buffer } from 'buffer'
import { getPrototypeOf } from '../../wire/primordials.ts'

/** Lists the prototypes of the errors that `Buffer` throws. No property leads to these classes, only a thrown error. */
export function listBufferErrorPrototypes(): object[] {
  const mistakes = [
    () => Buffer.alloc(8).writeBigUInt64LE(0n, '' as never),
    () => Buffer.alloc(8).writeBigUInt64LE(-1n),
    () => Buffer.alloc(1).writeBigUInt64LE(0n),
  ]
  return mistakes.map((make) => {
    try {
      make()
    } catch (error) {
      return getPrototypeOf(error as object)!
    }
    throw new Error('Buffer did not throw')
  })
}
