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

/** The linker defines it, from the Node.js that runs. */
declare const __claimsmithCrypto: Names

export const { constants } = __claimsmithCrypto
export const getHashes = (): readonly string[] => [...__claimsmithCrypto.hashes]
export const getCiphers = (): readonly string[] => [...__claimsmithCrypto.ciphers]
