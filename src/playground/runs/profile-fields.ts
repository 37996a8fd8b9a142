import { heldAttributes } from '../../profile/attributes/attribute-owner.ts'
import { attributeRows } from '../../profile/attributes/attributes.ts'
import type { User } from '../../profile/user/user.ts'
import { targetOf } from '../../http/management/users/target.ts'
import { isRefusal } from '../../http/management/input.ts'
import type { Store } from '../../store/contract/store.ts'
import type { ProfileField } from '../http/answers.ts'

/** Every attribute that can be read, as the Management API would treat an update of it. */
export async function profileFields(user: User, store: Store): Promise<readonly ProfileField[]> {
  const target = await targetOf(store, user, undefined)
  return attributeRows
    .filter(([, { readable }]) => readable)
    .map(([name, { description, schema, update, nullable }]) => {
      const field = { name, description, schema, nullable }
      if (update === 'never') return { ...field, reason: 'Kept by the server: no update sets it.' }
      const held = isRefusal(target) ? target : heldAttributes([name], target.source)
      return held === undefined ? field : { ...field, reason: held.message }
    })
}
