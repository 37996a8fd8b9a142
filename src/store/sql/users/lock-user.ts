import type { Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { UserStoreParts } from './parts.ts'

/** Locks the user's row until the transaction ends, by a write that changes nothing. False if there is no such user. */
export async function lockUser(db: Transaction<Tables>, userId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ user_id: userId })
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function markUpdated(
  db: Transaction<Tables>,
  { clock }: Pick<UserStoreParts, 'clock'>,
  userId: string,
): Promise<void> {
  const updatedAt = new Date(clock()).toISOString()
  await db.updateTable('users').set({ updated_at: updatedAt }).where('user_id', '=', userId).execute()
}
