import type { Protocol } from '../../profile/context/context.ts'
import type { LoginRequest } from '../../profile/context/context.ts'
import type { Connection } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'

/** Details of the request that started a login; never a password, a secret or a token. */
export type RequestDetails = Readonly<Pick<LoginRequest, 'ip' | 'userAgent' | 'hostname' | 'query' | 'body'>>

/** Input of every grant. The client is already authenticated. */
export interface GrantInput {
  readonly client: Client
  readonly request: RequestDetails
  /** Space-separated. */
  readonly scope?: string | undefined
  readonly audience?: string | undefined
}

/** A login between authentication and tokens. */
export interface Transaction {
  /** The id of the stored login: `sid` in its tokens. */
  readonly id: string
  /** The raw profile. */
  readonly user: User
  readonly client: Client
  readonly connection: Connection
  readonly protocol: Protocol
  readonly scope: readonly string[]
  readonly audience: string
  readonly request: RequestDetails
  /** When the user authenticated; a refresh does not change it. */
  readonly authenticatedAtMs: number
  /** The scope of the refresh token, if this is a refresh. */
  readonly refreshedScope?: readonly string[]
}

/** The part of a transaction that is stored while the user is on another page. */
export interface SuspendedTransaction extends Pick<
  Transaction,
  'id' | 'protocol' | 'scope' | 'audience' | 'authenticatedAtMs'
> {
  readonly clientId: string
  readonly connection: string
}

export function toSuspendedTransaction(transaction: Transaction): SuspendedTransaction {
  const { id, protocol, scope, audience, authenticatedAtMs, client, connection } = transaction
  return { id, protocol, scope, audience, authenticatedAtMs, clientId: client.client_id, connection: connection.name }
}
