import { availableParallelism } from 'node:os'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { StoredPassword } from '../contract/imports.ts'
import { createDummyArgon2, hashArgon2, isArgon2, hasDefaultCost, verifyArgon2 } from './argon2.ts'
import { parseBcryptCost, createBcrypt, createDummyBcrypt } from './bcrypt.ts'
import { createSemaphore } from './semaphore.ts'

/** Hashes and verifies passwords, a bounded number at once: each takes 19 MiB. */
export interface Passwords {
  /** @throws {ClaimsmithError} INVALID_ARGUMENT when the password is not a string, or empty. */
  hash(password: unknown): Promise<StoredPassword>
  /**
   * Whether the password belongs to the hash; without a hash, the same work and false.
   *
   * While the store still holds bcrypt hashes, every call does one of each kind, so that time does not tell which
   * users exist or came by import. `maxBcryptCost` is the highest cost in the store, null when there is none.
   */
  verify(password: string, hash: string | undefined, maxBcryptCost: number | null): Promise<boolean>
  close(): Promise<void>
}

export function createPasswords(): Passwords {
  const semaphore = createSemaphore(Math.min(4, availableParallelism()))
  const bcrypt = createBcrypt()
  const dummyHash = createDummyArgon2()
  return {
    async hash(password) {
      if (typeof password !== 'string' || password === '') {
        throw new ClaimsmithError('INVALID_ARGUMENT', 'A password must be a string that is not empty.')
      }
      return { hash: await semaphore(() => hashArgon2(password)), bcrypt_cost: null }
    },
    async verify(password, hash, maxBcryptCost) {
      const cost = hash === undefined ? undefined : parseBcryptCost(hash)
      const bcryptCost = cost ?? maxBcryptCost
      const [argon2Matches, bcryptMatches] = await Promise.all([
        semaphore(() => verifyArgon2(password, hash === undefined || cost !== undefined ? dummyHash : hash)),
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
 * A hash from elsewhere, as it can be stored.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT when it is neither bcrypt nor Argon2, or costs too much to verify.
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

/** Whether the hash should be replaced by one of ours, now that the password is known. */
export function isOutdated(hash: string): boolean {
  return !hasDefaultCost(hash)
}
