import type { Metadata } from '../user/user.ts'

/**
 * Merges a patch into metadata as Auth0 does: first level only, `null` deletes a key, an empty patch clears everything.
 *
 * A deeper object in the patch replaces the whole value of its key. Neither argument is changed.
 * Source: https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
export function mergeMetadata(current: Metadata | undefined, patch: Metadata): Metadata {
  if (Object.keys(patch).length === 0) return {}
  const patchEntries = Object.entries(patch).filter(([, value]) => value !== undefined)
  const entries = new Map([...Object.entries(current ?? {}), ...patchEntries])
  return Object.fromEntries([...entries].filter(([key, value]) => value !== null || !Object.hasOwn(patch, key)))
}
