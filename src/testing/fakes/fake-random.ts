import { createHash } from 'node:crypto'

/** Random values from a seed: the same seed gives the same values. */
export interface FakeRandom {
  /** Returns an integer from 0 to `limit` - 1. */
  integerBelow(limit: number): number
  pick<T>(list: readonly T[]): T
  hex(length: number): string
  /** Returns letters and digits. */
  text(length: number): string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function createFakeRandom(seed: string | number): FakeRandom {
  let count = 0
  const nextInteger = (): number => {
    const digest = createHash('sha256').update(`${seed} ${count++}`).digest()
    return digest.readUInt32BE()
  }
  const integerBelow = (limit: number): number => nextInteger() % limit
  const pickCharacters = (length: number, letters: string): string =>
    Array.from({ length }, () => letters[integerBelow(letters.length)]).join('')
  return {
    integerBelow,
    pick: (list) => list[integerBelow(list.length)]!,
    hex: (length) => pickCharacters(length, '0123456789abcdef'),
    text: (length) => pickCharacters(length, alphabet),
  }
}
