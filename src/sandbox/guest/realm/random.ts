import { defineProperty } from '../../wire/primordials.ts'

const { random: nativeRandom, imul } = Math

/** The state of the generator: four numbers of 32 bits. The machine's own draws where there is none. */
let state: [number, number, number, number] | undefined

/** Makes `Math.random` of the login that begins follow from four numbers; from nothing that anybody knows without them. */
export function seedRandom(seed: readonly number[] | undefined): void {
  state = seed === undefined ? undefined : [seed[0]!, seed[1]!, seed[2]!, seed[3]!]
}

/** A number from 0 to less than 1. */
export function random(): number {
  if (state === undefined) return nativeRandom()
  // As many bits as a double holds: 27 of one draw and 26 of the next.
  const high = nextUint32(state) >>> 5
  return (high * 0x4000000 + (nextUint32(state) >>> 6)) / 0x20000000000000
}

/** xoshiro128** (Blackman and Vigna). */
function nextUint32(generator: [number, number, number, number]): number {
  const result = imul(rotateLeft(imul(generator[1], 5), 7), 9)
  const shifted = generator[1] << 9
  generator[2] ^= generator[0]
  generator[3] ^= generator[1]
  generator[1] ^= generator[2]
  generator[0] ^= generator[3]
  generator[2] ^= shifted
  generator[3] = rotateLeft(generator[3], 11)
  return result
}

function rotateLeft(bits: number, count: number): number {
  return (bits << count) | (bits >>> (32 - count))
}

/** Puts the login's chance in the place of the machine's. */
export function patchRandom(): void {
  const own = { random: () => random() }
  defineProperty(Math, 'random', { value: own.random, writable: true, enumerable: false, configurable: true })
}
