import { LRUCache } from '../../cache/lru-cache.ts'
import type { SuspendedLogin, SuspendedLoginStore } from '../ports/suspended-login-store.ts'

const maxCharacters = 64_000_000

/** Keeps suspended logins in the memory of this process. If there are too many, the oldest are dropped. */
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
