import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { LoginLog } from '../../store/contract/login-logs.ts'

/** A login that has ended: its log entry, and the outcome of its rules if they ran. */
export interface FinishedLogin {
  readonly log: LoginLog
  readonly outcome?: Outcome | undefined
}

/** Emits logins as they end. Nothing is kept: a listener gets only logins that end after it subscribed. */
export interface LoginEmitter {
  /** Returns a function that unsubscribes. The login waits for the listener, which must be quick. */
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
          // A listener can neither fail a login nor stop the other listeners.
        }
      }
    },
  }
}
