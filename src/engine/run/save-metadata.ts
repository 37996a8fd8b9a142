import type { MetadataBatch } from '../../sandbox/wire/resume-point.ts'
import type { RunResult } from '../../sandbox/wire/protocol.ts'
import type { UserUpdate } from '../outcome/outcome.ts'
import type { UsersPort } from '../ports/users-port.ts'
import { answerUsersCall } from './answer-users-call.ts'

/** Saves the metadata that actions set, each kind once. If that fails, the result is an error. */
export async function saveMetadata(
  users: UsersPort,
  userId: unknown,
  result: RunResult,
  updates: UserUpdate[],
): Promise<RunResult> {
  const { metadata, status } = result
  if (metadata === undefined || status === 'error') return result
  try {
    await save(users, userId, metadata, updates)
    return result
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'the call failed'
    const message = `the metadata that actions set could not be saved: ${cause}`
    const { reason: _, reasonCode: __, suspended: ___, isDelta: ____, ...rest } = result
    return { ...rest, status: 'error', error: { code: 'RULE_THREW', message }, login: '' }
  }
}

async function save(
  users: UsersPort,
  userId: unknown,
  { user, app }: MetadataBatch,
  updates: UserUpdate[],
): Promise<void> {
  if (typeof userId !== 'string') throw new Error('the user has no user_id')
  const callUpdate = (name: string, data: unknown): Promise<string> =>
    answerUsersCall(users, `users.${name}`, JSON.stringify({ id: userId, data }), updates)
  if (user !== undefined) await callUpdate('updateUserMetadata', user)
  if (app !== undefined) await callUpdate('updateAppMetadata', app)
}
