import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ImportError, ImportUser } from '../../profile/user/import-user.ts'
import { hashOf, importErrors, withoutHashes } from '../../profile/user/import-user.ts'
import { importHash } from '../passwords/passwords.ts'
import { newIdentity, newRow } from '../sql/users/create-user.ts'
import { fold } from '../sql/users/fold.ts'
import { databaseProvider } from '../sql/users/parts.ts'
import type { IdentifyingName, ImportEntry, ReadyUser } from './imports.ts'

/**
 * Reads the users of one file, in order, for one database connection; a user that was there before is a duplicate.
 *
 * What `shown` holds of a user has neither password nor hash.
 */
export function createEntryReader(connection: string): (value: unknown) => ImportEntry {
  const met = new Set<string>()
  return (value) => {
    const wrong = (errors: readonly ImportError[]): ImportEntry => ({
      ok: false,
      shown: () => withoutHashes(value),
      errors,
    })
    const errors = importErrors(value)
    if (errors.length > 0) return wrong(errors)
    const given = value as ImportUser
    const ready = prepare(given, connection)
    if ('code' in ready) return wrong([ready])
    const keys = keysOf(ready)
    const [, twice] = keys.find(([key]) => met.has(key)) ?? []
    if (twice !== undefined) {
      const message = `A user with this ${twice} was provided before, in the same file.`
      return wrong([{ code: 'DUPLICATED_USER', message, path: twice }])
    }
    for (const [key] of keys) met.add(key)
    return { ok: true, shown: () => withoutHashes(value), user: ready }
  }
}

function prepare(given: ImportUser, connection: string): ReadyUser | ImportError {
  const { user_id: id, password_hash: _hash, custom_password_hash: _custom, mfa_factors: _none, ...attributes } = given
  const brought = hashOf(given)
  const path = brought?.path ?? ''
  try {
    const password = brought && importHash(brought.hash)
    const identity = newIdentity({ connection, provider: databaseProvider, user_id: id })
    return {
      identity,
      hasOwnId: id !== undefined,
      names: namesOf(given),
      attributes,
      row: newRow(attributes),
      password,
    }
  } catch (error) {
    if (!(error instanceof ClaimsmithError && error.code === 'INVALID_ARGUMENT')) throw error
    const { path: at = path } = error.details as { readonly path?: string }
    return { code: 'PATTERN', message: error.message, path: at.slice(at.startsWith('/') ? 1 : 0) }
  }
}

function namesOf({ email, username }: ImportUser): IdentifyingName[] {
  const names: IdentifyingName[] = []
  if (email !== undefined) names.push({ attribute: 'email', folded: fold(email) })
  if (username !== undefined) names.push({ attribute: 'username', folded: fold(username) })
  return names
}

function keysOf({ identity, hasOwnId, names }: ReadyUser): (readonly [key: string, attribute: string])[] {
  const keys = names.map(({ attribute, folded }) => [`name ${folded}`, attribute] as const)
  return hasOwnId ? [[`id ${identity.user_id}`, 'user_id'], ...keys] : keys
}
