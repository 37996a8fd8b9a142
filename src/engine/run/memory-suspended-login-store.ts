import type { SuspendedLogin, SuspendedLoginStore } from '../ports/suspended-login-store.ts'

const maxCharacters = 64_000_000

/** Keeps suspended logins in the memory of this process. If there are too many, the oldest are dropped. */
export function createMemorySuspendedLoginStore(): SuspendedLoginStore {
  /** By state, in the order in which they were saved. */
  const logins = new Map<string, SuspendedLogin>()
  let characters = 0

  function remove(state: string): SuspendedLogin | undefined {
    const login = logins.get(state)
    if (logins.delete(state)) characters -= login?.login.length ?? 0
    return login
  }

  return {
    async save(login) {
      remove(login.state)
      logins.set(login.state, login)
      characters += login.login.length
      for (const state of logins.keys()) {
        if (characters <= maxCharacters) break
        remove(state)
      }
    },
    async take(state) {
      return remove(state)
    },
  }
}
