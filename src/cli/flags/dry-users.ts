import type { UsersPort } from '../../engine/ports/users-port.ts'

/** There is no store behind a run: what a rule saves is answered, and gone. */
export const dryUsers: UsersPort = {
  domain: 'localhost',
  updateUserMetadata: async (userId: string, metadata: object) => ({ user_id: userId, user_metadata: { ...metadata } }),
  updateAppMetadata: async (userId: string, metadata: object) => ({ user_id: userId, app_metadata: { ...metadata } }),
}
