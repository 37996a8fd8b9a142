import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { LoginLog } from '../../store/contract/login-logs.ts'

/** One login that has ended, as the log has it, and what its rules did where they ran. */
export interface FinishedLogin {
  readonly log: LoginLog
  readonly outcome?: Outcome | undefined
}

/** Tells of logins as they end. Nothing is kept: who listens hears of those that end from then on. */
export interface LoginEmitter {
  /** The listener is called while the login waits: it is to be quick. Answers how to stop listening. */
  subscribe(listener: (login: FinishedLogin) => void): () => void
  emit(login: FinishedLogin): void
}

export function createLoginEmitter(): LoginEmitter {
  const listeners = new Set<(login: FinishedLogin) => void>()
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(login) {
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
