import type { User } from '../../profile/user/user.ts'

const passwordNames: readonly string[] = ['password', 'passwordHash', 'password_hash']

/** Our store keeps passwords out of profiles; another implementation of its contract may not. */
export function omitPasswords(user: User): User {
  return Object.fromEntries(Object.entries(user).filter(([name]) => !passwordNames.includes(name)))
}
