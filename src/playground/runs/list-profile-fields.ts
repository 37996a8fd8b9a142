import { findProtectedAttributes } from '../../profile/attributes/protected-attributes.ts'
import { attributeRows } from '../../profile/attributes/attributes.ts'
import type { User } from '../../profile/user/user.ts'
import { resolveUpdateTarget } from '../../http/management/users/update-target.ts'
import { isManagementError } from '../../http/management/input.ts'
import type { Store } from '../../store/contract/store.ts'
import type { ProfileField } from '../http/api-types.ts'

/** Lists every readable attribute, and whether the Management API would accept an update of it. */
export async function listProfileFields(user: User, store: Store): Promise<readonly ProfileField[]> {
  const target = await resolveUpdateTarget(store, user, undefined)
  return attributeRows
    .filter(([, { isReadable }]) => isReadable)
    .map(([name, { description, schema, update, isNullable }]) => {
      const field = { name, description, schema, nullable: isNullable }
      if (update === 'never') return { ...field, reason: 'Kept by the server: no update sets it.' }
      const ownerError = isManagementError(target) ? target : findProtectedAttributes([name], target.source)
      return ownerError === undefined ? field : { ...field, reason: ownerError.message }
    })
}
