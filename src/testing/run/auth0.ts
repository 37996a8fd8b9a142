import type { UserUpdate } from '../../engine/outcome/outcome.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { Metadata } from '../../profile/user/user.ts'

/** `auth0.users` if a test has none. It saves nothing; the outcome lists the updates. */
export const discardingUsers: UsersPort = {
  updateUserMetadata: async () => undefined,
  updateAppMetadata: async () => undefined,
}

type AnyFunction = (...args: unknown[]) => unknown

/** Wraps the `auth0` of a test, so that calls of its two updates are recorded. */
export function recordUpdates(testAuth0: object | undefined): { auth0: object | undefined; updates: UserUpdate[] } {
  const updates: UserUpdate[] = []
  const { users } = (testAuth0 ?? {}) as { readonly users?: unknown }
  if (typeof users !== 'object' || users === null) return { auth0: testAuth0, updates }
  const wrapUpdate = (name: string, of: UserUpdate['of']): Record<string, AnyFunction> => {
    const update = (users as Record<string, unknown>)[name]
    if (typeof update !== 'function') return {}
    return {
      [name](...args) {
        updates.push({ of, userId: String(args[0]), data: args[1] as Metadata })
        return Reflect.apply(update as AnyFunction, users, args)
      },
    }
  }
  const wrappedUpdates = {
    ...wrapUpdate('updateUserMetadata', 'user_metadata'),
    ...wrapUpdate('updateAppMetadata', 'app_metadata'),
  }
  return { auth0: overrideMembers(testAuth0 as object, { users: overrideMembers(users, wrappedUpdates) }), updates }
}

/** Returns a proxy of an object that has some members replaced. */
function overrideMembers(object: object, members: Readonly<Record<string, unknown>>): object {
  return new Proxy(object, {
    get: (target, key) =>
      typeof key === 'string' && Object.hasOwn(members, key) ? members[key] : (Reflect.get(target, key) as unknown),
  })
}
