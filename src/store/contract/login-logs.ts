import type { PageRequest } from './page-request.ts'

/**
 * How a login ended, as Auth0's log codes.
 *
 * - `s`: success; `f`: failure; `fp`: wrong password; `fu`: unknown user name.
 * - `sertft`: a refresh token was exchanged; `fertft`: the exchange failed.
 */
export type LoginLogType = 's' | 'f' | 'fp' | 'fu' | 'sertft' | 'fertft'

/** One login, successful or not. It never holds a password or a token. */
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
  /** The logins of one user, newest first unless `oldestFirst`. They outlive the user. */
  listByUser(
    userId: string,
    query: PageRequest & { readonly oldestFirst?: boolean | undefined },
  ): Promise<{ logs: (LoginLog & { readonly log_id: string })[]; total: number }>
  /** Deletes the logs of logins before this time. Returns their number. */
  purgeBefore(ms: number): Promise<number>
}
