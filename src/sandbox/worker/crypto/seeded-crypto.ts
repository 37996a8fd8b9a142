import { createCipheriv, createHash } from 'node:crypto'

/** The random functions of `crypto` for one run whose randomness follows from a seed. */
export type SeededCrypto = Readonly<Record<string, (input: never) => unknown>>

const maxBytes = 65_536

/** The same seed gives the same values in the same order. */
export function createSeededCrypto(seed: string): SeededCrypto {
  const stream = createCipheriv('aes-256-ctr', hashSeed('crypto', seed), Buffer.alloc(16))
  const drawBytes = (size: number): Buffer => stream.update(Buffer.alloc(size))

  function drawInteger(min: number, max: number): number {
    const range = max - min
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || range <= 0 || range >= 2 ** 48) {
      throw Object.assign(new RangeError('randomInt: max must be greater than min, by less than 2 ** 48'), {
        code: 'ERR_OUT_OF_RANGE',
      })
    }
    // Draws beyond the last whole range would favour small numbers.
    const end = 2 ** 48 - (2 ** 48 % range)
    for (;;) {
      const draw = drawBytes(6).readUIntBE(0, 6)
      if (draw < end) return min + (draw % range)
    }
  }

  return {
    random({ size }: { size: number }) {
      if (size <= maxBytes) return drawBytes(size).toString('base64')
      throw Object.assign(new RangeError(`size may be at most ${maxBytes} in a rule`), { code: 'LIMIT_EXCEEDED' })
    },
    randomInt: ({ min, max }: { min: number; max: number }) => drawInteger(min, max),
    uuid() {
      const uuidBytes = drawBytes(16)
      uuidBytes.writeUInt8((uuidBytes.readUInt8(6) & 0x0f) | 0x40, 6)
      uuidBytes.writeUInt8((uuidBytes.readUInt8(8) & 0x3f) | 0x80, 8)
      return uuidBytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}

/** The four numbers that seed `Math.random`. */
export function deriveSeedWords(seed: string): number[] {
  const hash = hashSeed('math', seed)
  return [0, 4, 8, 12].map((offset) => hash.readInt32LE(offset))
}

function hashSeed(use: string, seed: string): Buffer {
  return createHash('sha256').update(`${use} ${seed}`).digest()
}
