import type { PageRequest } from './page-request.ts'

/**
 * How a login ended, in Auth0's words: `s` it succeeded, `f` it was refused, `fp` the password was wrong, `fu` nobody has
 * this name, `sertft` a refresh token was exchanged, `fertft` that was refused.
 */
export type LoginLogType = 's' | 'f' | 'fp' | 'fu' | 'sertft' | 'fertft'

/** One login, whether it succeeded or not; never a password or a token. */
export interface LoginLog {
  readonly type: LoginLogType
  readonly atMs: number
  readonly description?: string | undefined
  readonly user_id?: string | undefined
  readonly user_name?: string | undefined
  readonly connection?: string | undefined
  readonly connection_id?: string | undefined
  readonly strategy?: string | undefined
  readonly client_id?: string | undefined
  readonly client_name?: string | undefined
  readonly ip?: string | undefined
  readonly hostname?: string | undefined
  readonly user_agent?: string | undefined
  readonly audience?: string | undefined
  readonly scope?: string | undefined
}

export interface LoginLogStore {
  write(log: LoginLog): Promise<void>
  /** The logins of one user, newest first unless `oldestFirst`; they outlive the user. */
  listByUser(
    userId: string,
    query: PageRequest & { readonly oldestFirst?: boolean | undefined },
  ): Promise<{ logs: (LoginLog & { readonly log_id: string })[]; total: number }>
  /** Deletes what was written before; says how many. */
  purgeBefore(ms: number): Promise<number>
}
