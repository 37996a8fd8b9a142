import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { StoredPassword } from '../contract/imports.ts'
import { createDummyArgon2, hashArgon2, isArgon2, hasDefaultCost, verifyArgon2 } from './argon2.ts'
import { parseBcryptCost, createBcrypt, createDummyBcrypt } from './bcrypt.ts'

/** Hashes and verifies passwords. Their concurrency is bounded, because each takes 19 MiB. */
export interface Passwords {
  /** @throws {ClaimsmithError} INVALID_ARGUMENT if the password is empty or not a string. */
  hash(password: unknown): Promise<StoredPassword>
  /**
   * Whether the password matches the hash. Without a hash it does the same work and returns false.
   *
   * While the store holds bcrypt hashes, every call verifies one hash of each kind. So its time does not reveal which users
   * exist or were imported. `maxBcryptCost` is the highest bcrypt cost in the store, or null if there is none.
   */
  verify(password: string, hash: string | undefined, maxBcryptCost: number | null): Promise<boolean>
  close(): Promise<void>
}

export function createPasswords(): Passwords {
  // Argon2 takes one thread and 19 MiB for each hash.
  const limit = pLimit(Math.min(4, availableParallelism()))
  const bcrypt = createBcrypt()
  const dummyHash = createDummyArgon2()
  return {
    async hash(password) {
      if (typeof password !== 'string' || password === '') {
        throw new ClaimsmithError('INVALID_ARGUMENT', 'A password must be a string that is not empty.')
      }
      return { hash: await limit(() => hashArgon2(password)), bcrypt_cost: null }
    },
    async verify(password, hash, maxBcryptCost) {
      const cost = hash === undefined ? undefined : parseBcryptCost(hash)
      const bcryptCost = cost ?? maxBcryptCost
      const [argon2Matches, bcryptMatches] = await Promise.all([
        limit(() => verifyArgon2(password, hash === undefined || cost !== undefined ? dummyHash : hash)),
        bcryptCost === null
          ? false
          : bcrypt.verify(password, cost === undefined ? createDummyBcrypt(bcryptCost) : (hash ?? '')),
      ])
      if (hash === undefined) return false
      return cost === undefined ? argon2Matches : bcryptMatches
    },
    close: async () => {
      await bcrypt.close()
    },
  }
}

/**
 * Converts an imported hash to the form in which it is stored.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if it is neither bcrypt nor Argon2, or is too expensive to verify.
 */
export function importHash(hash: unknown): StoredPassword {
  if (typeof hash === 'string') {
    const cost = parseBcryptCost(hash)
    if (cost !== undefined || isArgon2(hash)) return { hash, bcrypt_cost: cost ?? null }
  }
  throw new ClaimsmithError(
    'INVALID_ARGUMENT',
    'passwordHash must be a bcrypt hash of cost 4 to 15, or an Argon2 PHC string of version 19 with m ≤ 262144, t ≤ 16, p ≤ 16.',
  )
}

/** Whether to replace the hash by a new one when the password is known. */
export function isOutdated(hash: string): boolean {
  return !hasDefaultCost(hash)
}
