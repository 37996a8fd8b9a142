import { askCrypto } from './crypto/ask.ts'

export { createCipheriv, createDecipheriv } from './crypto/cipher.ts'
export { hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync } from './crypto/derive.ts'
export { Hash, Hmac, createHash, createHmac, hash } from './crypto/digest.ts'
export { KeyObject, createPrivateKey, createPublicKey, createSecretKey } from './crypto/key-object.ts'
export { generateKeyPair, generateKeyPairSync } from './crypto/new-keys.ts'
export {
  randomBytes,
  randomBytes as pseudoRandomBytes,
  randomFill,
  randomFillSync,
  randomFillSync as getRandomValues,
  randomInt,
  randomUUID,
  timingSafeEqual,
} from './crypto/random.ts'
export {
  Sign,
  Verify,
  createSign,
  createVerify,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  sign,
  verify,
} from './crypto/sign.ts'

export { crypto as webcrypto } from './webcrypto.ts'
export { subtle } from './crypto/subtle.ts'

interface Names {
  readonly hashes: readonly string[]
  readonly ciphers: readonly string[]
  readonly constants: Readonly<Record<string, number>>
}

const names = askCrypto<Names>('names', {})

export const { constants } = names
export const getHashes = (): readonly string[] => [...names.hashes]
export const getCiphers = (): readonly string[] => [...names.ciphers]
