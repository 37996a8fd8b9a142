import type { Metadata } from '../user/user.ts'

/** Old rules merge `app_metadata` into the root. There, these names would hide the provider's attributes. */
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
 * Finds the path of the first name that metadata may not have: any name with `.` or `$`, or a forbidden name of
 * `app_metadata`. A name whose value is `null` is allowed, because `null` deletes it.
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
