import { NativeError, NativePromise, splitText } from '../../wire/primordials.ts'
import type { ActionRun, CreateSetter } from './run.ts'

/**
 * The parts of `api` that an outcome cannot carry.
 *
 * - A call that has no effect is noted in the trace.
 * - A method that would return data rejects.
 * - A method that would revoke a session also denies the login.
 */
export function createUnsupportedApi(run: ActionRun, createSetter: CreateSetter) {
  const createRejectingMethods = (part: string, names: string): Record<string, unknown> => {
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
  const createRevoke = (part: string): unknown =>
    createSetter((reason) => {
      run.warn(`${part}.revoke`)
      run.deny(reason)
    })
  return {
    prompt: { render: createSetter(() => run.warn('prompt.render')) },
    session: { revoke: createRevoke('session') },
    refreshToken: { revoke: createRevoke('refreshToken') },
    groups: createRejectingMethods('groups', 'getUserGroups hasGroupMembership'),
    roles: createRejectingMethods(
      'roles',
      'getUserEffectiveRoles getUserEffectiveRolesByIds getUserEffectiveRolesByNames',
    ),
  }
}
