import type { UserUpdate } from '../../engine/outcome/outcome.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { Metadata } from '../../profile/user/user.ts'

/** What stands behind `auth0.users` where a test brings nothing: it takes everything, and the outcome tells of it. */
export const savedNowhere: UsersPort = {
  updateUserMetadata: async () => undefined,
  updateAppMetadata: async () => undefined,
}

type AnyFunction = (...args: unknown[]) => unknown

/** A test's own `auth0`, whose two updates are noted as they are called. */
export function recordedAuth0(given: object | undefined): { auth0: object | undefined; updates: UserUpdate[] } {
  const updates: UserUpdate[] = []
  const { users } = (given ?? {}) as { readonly users?: unknown }
  if (typeof users !== 'object' || users === null) return { auth0: given, updates }
  const noting = (name: string, of: UserUpdate['of']): Record<string, AnyFunction> => {
    const update = (users as Record<string, unknown>)[name]
    if (typeof update !== 'function') return {}
    return {
      [name](...args) {
        updates.push({ of, userId: String(args[0]), data: args[1] as Metadata })
        return Reflect.apply(update as AnyFunction, users, args)
      },
    }
  }
  const noted = {
    ...noting('updateUserMetadata', 'user_metadata'),
    ...noting('updateAppMetadata', 'app_metadata'),
  }
  return { auth0: over(given as object, { users: over(users, noted) }), updates }
}

/** The same object, with some members of ours in the place of its own. */
function over(object: object, members: Readonly<Record<string, unknown>>): object {
  return new Proxy(object, {
    get: (target, key) =>
      typeof key === 'string' && Object.hasOwn(members, key) ? members[key] : (Reflect.get(target, key) as unknown),
  })
}
