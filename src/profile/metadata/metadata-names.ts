import type { Metadata } from '../user/user.ts'

/** Root attributes of old: rules merge `app_metadata` onto the root, and these would hide what the provider says. */
const forbiddenInAppMetadata: readonly string[] = [
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email',
  'email_verified',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor',
  'multifactor_last_modified',
  'updated_at',
  'user_id',
]

/**
 * The path of the first name that metadata may not hold: one with `.` or `$` anywhere, or a forbidden one of
 * `app_metadata`. `null` deletes, so it may name what should not be there.
 *
 * Source: https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data
 */
export function findInvalidMetadataName(
  attribute: 'user_metadata' | 'app_metadata',
  metadata: Metadata,
): string | undefined {
  const entries = Object.entries(metadata).filter(([, value]) => value !== null)
  const forbidden = entries.find(([name]) => attribute === 'app_metadata' && forbiddenInAppMetadata.includes(name))
  if (forbidden !== undefined) return `${attribute}.${forbidden[0]}`
  return findInvalidName(attribute, Object.fromEntries(entries))
}

function findInvalidName(path: string, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, inner] of Object.entries(value)) {
    const innerPath = `${path}.${name}`
    if (!Array.isArray(value) && /[.$]/.test(name)) return innerPath
    const invalidName = findInvalidName(innerPath, inner)
    if (invalidName !== undefined) return invalidName
  }
  return undefined
}
