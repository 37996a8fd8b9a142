import { findInvalidMetadataName } from '../../../profile/metadata/metadata-names.ts'
import type { Metadata } from '../../../profile/user/user.ts'
import { type ManagementError, managementError } from '../operation-result.ts'

export const noSuchUser: ManagementError = managementError(404, 'inexistent_user', 'The user does not exist.')

export interface MetadataBody {
  readonly user_metadata?: Metadata | null
  readonly app_metadata?: Metadata | null
}

/** Checks the names of metadata. */
export function validateMetadata(body: MetadataBody): ManagementError | undefined {
  for (const attribute of ['user_metadata', 'app_metadata'] as const) {
    const path = findInvalidMetadataName(attribute, body[attribute] ?? {})
    if (path !== undefined) {
      const reason = "'This name is reserved, or holds a forbidden character'"
      return managementError(400, 'invalid_body', `Payload validation error: ${reason} on property ${path}.`)
    }
  }
  return undefined
}
