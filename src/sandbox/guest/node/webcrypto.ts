import { subtle } from './crypto/subtle.ts'
import { CryptoKey } from './crypto/crypto-key.ts'
import { randomFillSync, randomUUID } from './crypto/random.ts'

/** The global `crypto` of modules, and Node's `webcrypto`. */
export const crypto = { getRandomValues: randomFillSync, randomUUID, subtle, CryptoKey }
