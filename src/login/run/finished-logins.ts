import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { LoginLog } from '../../store/contract/login-logs.ts'

/** One login that has ended, as the log has it, and what its rules did where they ran. */
export interface FinishedLogin {
  readonly log: LoginLog
  readonly outcome?: Outcome | undefined
}

/** Tells of logins as they end. Nothing is kept: who listens hears of those that end from then on. */
export interface FinishedLogins {
  /** The listener is called while the login waits: it is to be quick. Answers how to stop listening. */
  listen(listener: (login: FinishedLogin) => void): () => void
  tell(login: FinishedLogin): void
}

export function createFinishedLogins(): FinishedLogins {
  const listeners = new Set<(login: FinishedLogin) => void>()
  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(login) {
      for (const listener of listeners) {
        try {
          listener(login)
        } catch {
          // Whoever watches cannot fail a login.
        }
      }
    },
  }
}
