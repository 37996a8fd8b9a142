import { samlMembers } from '../../wire/saml-members.ts'
import { hasOwn } from '../../wire/primordials.ts'
import { type ActionRun, type Setter, dataOf, keyOf, partOf } from './run.ts'

/** `api.samlResponse`: writes to `context.samlConfiguration`. Attributes have a member of their own: rules map theirs from the profile. */
export function samlApi({ login }: ActionRun, setter: Setter): object {
  const configuration = (): Record<string, unknown> => partOf(login.context, 'samlConfiguration')
  const api: Record<string, unknown> = {
    setAttribute: setter((attribute, value) => {
      const name = keyOf(attribute, 'api.samlResponse.setAttribute')
      partOf(configuration(), 'attributes')[name] = dataOf(value, 'api.samlResponse.setAttribute')
    }),
  }
  for (const method in samlMembers) {
    if (!hasOwn(samlMembers, method)) continue
    api[method] = setter((value) => {
      configuration()[samlMembers[method]!] = dataOf(value, `api.samlResponse.${method}`)
    })
  }
  return api
}
