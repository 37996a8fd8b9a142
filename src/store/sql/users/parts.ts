import type { Passwords } from '../../passwords/passwords.ts'
import type { Database } from '../database/database.ts'

/** The dependencies of the user store's methods. */
export interface UserStoreParts {
  readonly database: Database
  readonly passwords: Passwords
  readonly clock: () => number
}

/** The strategy of database connections. Only their users log in with a password. */
export const databaseProvider = 'auth0'

export const userConflictMessage = 'A user with this id, e-mail address or user name exists already.'
