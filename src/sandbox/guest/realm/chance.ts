import { defineProperty } from '../../wire/primordials.ts'

const { random: machineRandom, imul } = Math

/** The state of the generator: four numbers of 32 bits. The machine's own draws where there is none. */
let state: [number, number, number, number] | undefined

/** Makes `Math.random` of the login that begins follow from four numbers; from nothing that anybody knows without them. */
export function startChance(words: readonly number[] | undefined): void {
  state = words === undefined ? undefined : [words[0]!, words[1]!, words[2]!, words[3]!]
}

/** A number from 0 to less than 1. */
export function random(): number {
  if (state === undefined) return machineRandom()
  // As many bits as a double holds: 27 of one draw and 26 of the next.
  const high = draw(state) >>> 5
  return (high * 0x4000000 + (draw(state) >>> 6)) / 0x20000000000000
}

/** xoshiro128** (Blackman and Vigna). */
function draw(words: [number, number, number, number]): number {
  const result = imul(rotate(imul(words[1], 5), 7), 9)
  const shifted = words[1] << 9
  words[2] ^= words[0]
  words[3] ^= words[1]
  words[1] ^= words[2]
  words[0] ^= words[3]
  words[2] ^= shifted
  words[3] = rotate(words[3], 11)
  return result
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

/** Puts the login's chance in the place of the machine's. */
export function closeRandom(): void {
  const own = { random: () => random() }
  defineProperty(Math, 'random', { value: own.random, writable: true, enumerable: false, configurable: true })
}
