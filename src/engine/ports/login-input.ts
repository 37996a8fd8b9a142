import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'

/**
 * One authentication transaction: who logs in, and how.
 *
 * @example
 * const login: LoginInput = { user: { user_id: 'auth0|1' }, context: { clientName: 'Shop' } }
 */
export interface LoginInput {
  readonly user: User
  readonly context?: LoginContext
  /** Data of the embedder that is kept with a suspended login: `suspendedLogins` gets it. */
  readonly metadata?: unknown
}

/**
 * What is known of a user who comes back.
 *
 * @example
 * await engine.resume(state, { query }, { user: await users.find(userId), sessionID: 'the session' })
 */
export interface ResumeInput {
  /** The user as they are now. Default: as they were. */
  readonly user?: User
  /** The `context.sessionID` that the suspended login must have. Default: any. */
  readonly sessionID?: string
}
