import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { Connection } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { LoginLog, LoginLogType } from '../../store/contract/login-logs.ts'
import type { LoginSettings } from '../options.ts'
import type { RequestDetails } from '../run/transaction.ts'

export interface LoginAttempt {
  readonly client: Client
  readonly request: RequestDetails
  readonly connection: Connection
  readonly audience?: string | undefined
  readonly scope?: readonly string[] | undefined
  readonly user?: User | undefined
  /** The name as the client sent it, if no user is known. */
  readonly userName?: string | undefined
  /** Undefined if no rules ran. */
  readonly outcome?: Outcome | undefined
}

const maxNameLength = 320

/** Writes the end of a login to the log, which `/users/{id}/logs` shows, and calls `onLogin`. */
export async function logLogin(
  type: LoginLogType,
  { client, request, connection, audience, scope, user, userName, outcome }: LoginAttempt,
  { store, clock, onLogin }: LoginSettings,
  description?: string,
): Promise<void> {
  const { ip, hostname, userAgent } = request
  const name = user?.email ?? user?.username ?? user?.name ?? userName
  const log: LoginLog = {
    type,
    atMs: clock(),
    description,
    user_id: user?.user_id,
    user_name: name?.slice(0, maxNameLength),
    connection: connection.name,
    connection_id: connection.id,
    strategy: connection.strategy,
    client_id: client.client_id,
    client_name: client.name,
    ip,
    hostname,
    user_agent: userAgent,
    audience,
    scope: scope?.join(' '),
  }
  await store.loginLogs.write(log)
  try {
    onLogin?.({ log, outcome })
  } catch {
    // The tokens are issued: an observer cannot take them back.
  }
}
