import type { UsersPort } from '../../engine/ports/users-port.ts'

/** Users without a store: an update by a rule is answered, and not saved. */
export const dryUsers: UsersPort = {
  domain: 'localhost',
  updateUserMetadata: async (userId: string, metadata: object) => ({ user_id: userId, user_metadata: { ...metadata } }),
  updateAppMetadata: async (userId: string, metadata: object) => ({ user_id: userId, app_metadata: { ...metadata } }),
}
