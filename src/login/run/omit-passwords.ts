import type { User } from '../../profile/user/user.ts'

const names: readonly string[] = ['password', 'passwordHash', 'password_hash']

/** The store keeps passwords out of profiles; this holds for any other store behind the same contract. */
export function omitPasswords(user: User): User {
  return Object.fromEntries(Object.entries(user).filter(([name]) => !names.includes(name)))
}
