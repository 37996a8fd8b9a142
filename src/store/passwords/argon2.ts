import * as crypto from 'node:crypto'
import { promisify } from 'node:util'

const { randomBytes, timingSafeEqual } = crypto
// Not a named import of `argon2`: Node.js before 24.7 could not link this file, so we could not name the version that is needed.
const derive = promisify(crypto.argon2)

type Variant = 'argon2id' | 'argon2i' | 'argon2d'

interface Cost {
  readonly variant: Variant
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

interface Argon2Hash extends Cost {
  readonly salt: Buffer
  readonly tag: Buffer
}

/** OWASP's minimum for Argon2id: 19 MiB, two passes, parallelism 1. */
const defaultCost: Cost = { variant: 'argon2id', memoryKib: 19_456, passes: 2, parallelism: 1 }
const saltBytes = 16
const tagBytes = 32

/** The highest cost of an imported hash; each login pays it. */
const maxCost = { memoryKib: 262_144, passes: 16, parallelism: 16 }

const phcPattern =
  /^\$(argon2id|argon2i|argon2d)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$([\w+/]{11,86})\$([\w+/]{16,172})$/

/** A new Argon2id hash (RFC 9106) as a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashArgon2(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  return format(defaultCost, salt, await deriveTag(password, { ...defaultCost, salt }, tagBytes))
}

/** Whether the password matches the hash. False if the hash is malformed or too expensive. */
export async function verifyArgon2(password: string, text: string): Promise<boolean> {
  const hash = parse(text)
  return hash !== undefined && timingSafeEqual(await deriveTag(password, hash, hash.tag.length), hash.tag)
}

/** A hash that matches no password and costs as much to verify as a hash of `hashArgon2`. */
export function createDummyArgon2(): string {
  return format(defaultCost, randomBytes(saltBytes), randomBytes(tagBytes))
}

/** Whether this is a PHC string of Argon2 version 1.3 whose cost is within `maxCost`. */
export function isArgon2(text: string): boolean {
  return parse(text) !== undefined
}

/** Whether the hash has our cost. Another cost would reveal by its time that the user exists. */
export function hasDefaultCost(text: string): boolean {
  const hash = parse(text)
  return hash !== undefined && format(hash, hash.salt, hash.tag).startsWith(format(defaultCost, Buffer.alloc(0)))
}

function parse(text: string): Argon2Hash | undefined {
  const [, variant, memory, time, lanes, salt = '', tag = ''] = phcPattern.exec(text) ?? []
  const [memoryKib, passes, parallelism] = [Number(memory), Number(time), Number(lanes)]
  const isAffordable = memoryKib <= maxCost.memoryKib && passes <= maxCost.passes && parallelism <= maxCost.parallelism
  if (!isAffordable || passes < 1 || parallelism < 1 || memoryKib < 8 * parallelism) return undefined
  const bytes = { salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
  return { variant: variant as Variant, memoryKib, passes, parallelism, ...bytes }
}

async function deriveTag(password: string, hash: Omit<Argon2Hash, 'tag'>, tagLength: number): Promise<Buffer> {
  const { variant, memoryKib: memory, passes, parallelism, salt: nonce } = hash
  return await derive(variant, { message: password, nonce, memory, passes, parallelism, tagLength })
}

function format(cost: Cost, ...parts: readonly Buffer[]): string {
  const { variant, memoryKib, passes, parallelism } = cost
  const encoded = parts.map((part) => part.toString('base64').replaceAll('=', ''))
  return [`$${variant}$v=19$m=${memoryKib},t=${passes},p=${parallelism}`, ...encoded].join('$')
}
