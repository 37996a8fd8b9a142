import { defineProperty } from '../../wire/primordials.ts'

const { random: nativeRandom, imul } = Math

/** The state of the generator, four 32-bit numbers; undefined if the login uses the machine's random numbers. */
let state: [number, number, number, number] | undefined

/** Seeds `Math.random` for the login that starts; without a seed it is V8's. */
export function seedRandom(seed: readonly number[] | undefined): void {
  state = seed === undefined ? undefined : [seed[0]!, seed[1]!, seed[2]!, seed[3]!]
}

export function random(): number {
  if (state === undefined) return nativeRandom()
  // A double holds 53 bits: 27 of one draw and 26 of the next.
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

/** Replaces `Math.random` with that of the login. */
export function patchRandom(): void {
  const own = { random: () => random() }
  defineProperty(Math, 'random', { value: own.random, writable: true, enumerable: false, configurable: true })
}
