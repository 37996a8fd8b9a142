import type { SuspendedLogin, SuspendedLoginStore } from '../ports/suspended-login-store.ts'
import { createInvalidStateError } from './suspend.ts'

/**
 * Takes a suspended login out of its store by its state; the caller may also bring the login itself.
 *
 * @throws {ClaimsmithError} INVALID_STATE if the state is unknown, used or expired
 */
export async function takeSuspendedLogin(
  store: SuspendedLoginStore,
  stateOrLogin: string | SuspendedLogin,
  nowMs: () => number,
): Promise<SuspendedLogin> {
  const login = typeof stateOrLogin === 'string' ? await store.take(stateOrLogin) : stateOrLogin
  if (login === undefined) throw createInvalidStateError('it is unknown, or was used before')
  if (login.expiresAtMs <= nowMs()) throw createInvalidStateError('it is expired')
  return login
}
