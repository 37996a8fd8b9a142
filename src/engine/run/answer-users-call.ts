import type { Metadata, User } from '../../profile/user/user.ts'
import type { UserUpdate } from '../outcome/outcome.ts'
import type { UsersPort } from '../ports/users-port.ts'

/** Answers one call of `auth0.users.*`, JSON in and JSON out. The update is added to `updates`. */
export async function answerUsersCall(
  users: UsersPort,
  name: string,
  body: string,
  updates: UserUpdate[],
): Promise<string> {
  const { id: userId, data } = JSON.parse(body) as { id: string; data: Metadata }
  const of = name === 'users.updateUserMetadata' ? 'user_metadata' : 'app_metadata'
  const index = updates.push({ of, userId, data }) - 1
  try {
    return JSON.stringify((await update(users, name, userId, data)) ?? {})
  } catch (error) {
    updates[index] = { of, userId, data, error: error instanceof Error ? error.message : 'the call failed' }
    throw error
  }
}

async function update(users: UsersPort, name: string, id: string, data: Metadata): Promise<User | undefined | void> {
  if (name === 'users.updateUserMetadata' && users.updateUserMetadata !== undefined) {
    return users.updateUserMetadata(id, data)
  }
  if (name === 'users.updateAppMetadata' && users.updateAppMetadata !== undefined) {
    return users.updateAppMetadata(id, data)
  }
  throw new Error(`auth0.${name} is not offered here: the engine was created without it`)
}
