import { createHash } from 'node:crypto'

/** Draws that follow from a seed: the same seed, the same login. */
export interface Draw {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  one<T>(list: readonly T[]): T
  hex(length: number): string
  /** Of letters and digits. */
  text(length: number): string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function createDraw(seed: string | number): Draw {
  let count = 0
  const next = (): number => {
    const digest = createHash('sha256').update(`${seed} ${count++}`).digest()
    return digest.readUInt32BE()
  }
  const below = (limit: number): number => next() % limit
  const many = (length: number, letters: string): string =>
    Array.from({ length }, () => letters[below(letters.length)]).join('')
  return {
    below,
    one: (list) => list[below(list.length)]!,
    hex: (length) => many(length, '0123456789abcdef'),
    text: (length) => many(length, alphabet),
  }
}
