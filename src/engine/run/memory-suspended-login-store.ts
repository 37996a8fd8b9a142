import { LRUCache } from 'lru-cache'
import type { SuspendedLogin, SuspendedLoginStore } from '../ports/suspended-login-store.ts'

const maxCharacters = 64_000_000

/** Suspended logins in this process: lost with it, and the oldest first where there are too many. */
export function createMemorySuspendedLoginStore(): SuspendedLoginStore {
  const logins = new LRUCache<string, SuspendedLogin>({
    maxSize: maxCharacters,
    sizeCalculation: ({ login }) => login.length + 1,
  })
  return {
    async save(login) {
      logins.set(login.state, login)
    },
    async take(state) {
      const login = logins.get(state)
      logins.delete(state)
      return login
    },
  }
}
