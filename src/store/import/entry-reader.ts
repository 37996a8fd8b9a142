import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ImportError, ImportUser } from '../../profile/user/import-user.ts'
import { getPasswordHash, findImportErrors, removeHashes } from '../../profile/user/import-user.ts'
import { importHash } from '../passwords/passwords.ts'
import { createUserColumns } from '../sql/users/create-user.ts'
import { createIdentity } from '../sql/users/identities.ts'
import { normalizeIdentifier } from '../sql/users/normalize-identifier.ts'
import { databaseProvider } from '../sql/users/parts.ts'
import type { IdentifyingName, ImportEntry, ReadyUser } from '../contract/imports.ts'

/**
 * Creates a function that reads the users of one file, in order, for one database connection.
 *
 * - A user whose id or name occurred earlier in the file is a duplicate.
 * - `toPublicUser` returns the user without password and hash.
 */
export function createEntryReader(connection: string): (value: unknown) => ImportEntry {
  const seenKeys = new Set<string>()
  return (value) => {
    const reject = (errors: readonly ImportError[]): ImportEntry => ({
      ok: false,
      toPublicUser: () => removeHashes(value),
      errors,
    })
    const errors = findImportErrors(value)
    if (errors.length > 0) return reject(errors)
    const importUser = value as ImportUser
    const readyUser = prepareUser(importUser, connection)
    if ('code' in readyUser) return reject([readyUser])
    const keys = listKeys(readyUser)
    const [, duplicateAttribute] = keys.find(([key]) => seenKeys.has(key)) ?? []
    if (duplicateAttribute !== undefined) {
      const message = `A user with this ${duplicateAttribute} was provided before, in the same file.`
      return reject([{ code: 'DUPLICATED_USER', message, path: duplicateAttribute }])
    }
    for (const [key] of keys) seenKeys.add(key)
    return { ok: true, toPublicUser: () => removeHashes(value), user: readyUser }
  }
}

function prepareUser(importUser: ImportUser, connection: string): ReadyUser | ImportError {
  const {
    user_id: id,
    password_hash: _hash,
    custom_password_hash: _custom,
    mfa_factors: _none,
    ...attributes
  } = importUser
  const passwordHash = getPasswordHash(importUser)
  const path = passwordHash?.path ?? ''
  try {
    const password = passwordHash && importHash(passwordHash.hash)
    const identity = createIdentity({ connection, provider: databaseProvider, user_id: id })
    return {
      identity,
      hasOwnId: id !== undefined,
      names: listNames(importUser),
      attributes,
      columns: createUserColumns(attributes),
      password,
    }
  } catch (error) {
    if (!(error instanceof ClaimsmithError && error.code === 'INVALID_ARGUMENT')) throw error
    const { path: at = path } = error.details as { readonly path?: string }
    return { code: 'PATTERN', message: error.message, path: at.slice(at.startsWith('/') ? 1 : 0) }
  }
}

function listNames({ email, username }: ImportUser): IdentifyingName[] {
  const names: IdentifyingName[] = []
  if (email !== undefined) names.push({ attribute: 'email', normalized: normalizeIdentifier(email) })
  if (username !== undefined) names.push({ attribute: 'username', normalized: normalizeIdentifier(username) })
  return names
}

function listKeys({ identity, hasOwnId, names }: ReadyUser): (readonly [key: string, attribute: string])[] {
  const keys = names.map(({ attribute, normalized }) => [`name ${normalized}`, attribute] as const)
  return hasOwnId ? [[`id ${identity.user_id}`, 'user_id'], ...keys] : keys
}
