import type { UsersPort } from '../../src/engine/ports/users-port.ts'

/** A store of users that notes what is saved, in order: which metadata, and what. */
export function savingInto(saved: unknown[]): UsersPort {
  return {
    domain: 'tenant.example',
    accessToken: async () => 'management-token',
    updateUserMetadata: async (user_id, metadata) => {
      saved.push(['user', metadata])
      return { user_id, user_metadata: metadata }
    },
    updateAppMetadata: async (user_id, metadata) => {
      saved.push(['app', metadata])
      return { user_id, app_metadata: metadata }
    },
  }
}
