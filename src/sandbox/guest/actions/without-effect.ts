import { NativeError, NativePromise, splitText } from '../../wire/primordials.ts'
import type { ActionRun, Setter } from './run.ts'

/**
 * The parts of `api` that an outcome cannot carry. Each call is named in the trace; what would have answered something
 * rejects instead, and what would have ended a session refuses the login at least.
 */
export function withoutEffect(run: ActionRun, setter: Setter) {
  const unanswered = (part: string, names: string): Record<string, unknown> => {
    const members: Record<string, unknown> = {}
    const list = splitText(names, ' ')
    for (let index = 0; index < list.length; index++) {
      const message = `api.${part}.${list[index]} is not offered here`
      members[list[index]!] = () =>
        new NativePromise((_, reject) => {
          reject(new NativeError(message))
        })
    }
    return members
  }
  const revoke = (part: string): unknown =>
    setter((reason) => {
      run.warn(`${part}.revoke`)
      run.refuse(reason)
    })
  return {
    prompt: { render: setter(() => run.warn('prompt.render')) },
    session: { revoke: revoke('session') },
    refreshToken: { revoke: revoke('refreshToken') },
    groups: unanswered('groups', 'getUserGroups hasGroupMembership'),
    roles: unanswered('roles', 'getUserEffectiveRoles getUserEffectiveRolesByIds getUserEffectiveRolesByNames'),
  }
}
