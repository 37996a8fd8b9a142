import { samlMembers } from '../../wire/saml-members.ts'
import { hasOwn } from '../../wire/primordials.ts'
import { type ActionRun, type CreateSetter, cloneData, requireKey, ensureObject } from './run.ts'

/**
 * `api.samlResponse`: writes to `context.samlConfiguration`. Attributes go to a separate member, because attributes of
 * rules are mapped from the profile.
 */
export function createSamlApi({ login }: ActionRun, createSetter: CreateSetter): object {
  const ensureConfiguration = (): Record<string, unknown> => ensureObject(login.context, 'samlConfiguration')
  const api: Record<string, unknown> = {
    setAttribute: createSetter((attribute, value) => {
      const name = requireKey(attribute, 'api.samlResponse.setAttribute')
      ensureObject(ensureConfiguration(), 'attributes')[name] = cloneData(value, 'api.samlResponse.setAttribute')
    }),
  }
  for (const method in samlMembers) {
    if (!hasOwn(samlMembers, method)) continue
    api[method] = createSetter((value) => {
      ensureConfiguration()[samlMembers[method]!] = cloneData(value, `api.samlResponse.${method}`)
    })
  }
  return api
}
