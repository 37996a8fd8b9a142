import type { Connection } from '../../profile/context/connection.ts'
import type { LoginContext, Protocol } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import type { Transaction } from './transaction.ts'
import { omitPasswords } from './omit-passwords.ts'

/**
 * The user as rules see it: what is in `app_metadata` also stands at the root, where the profile has no attribute of that
 * name (Auth0, "User object properties in rules").
 */
export function buildRulesUser(user: User): User {
  return omitPasswords({ ...user.app_metadata, ...user })
}

/** How each grant proves who the user is; a refresh proves nothing anew. */
const authenticationMethods: Partial<Record<Protocol, string>> = {
  'oauth2-password': 'pwd',
  'oauth2-resource-owner-jwt-bearer': 'federated',
}

/** The `context` of Auth0's rules for this login. */
export function buildRulesContext(transaction: Transaction, tenant: string): LoginContext {
  const { id, user, client, connection, protocol, scope, audience, request, authenticatedAtMs } = transaction
  const method = authenticationMethods[protocol]
  const methods = method === undefined ? [] : [{ name: method, timestamp: authenticatedAtMs }]
  return {
    tenant,
    clientID: client.client_id,
    clientName: client.name,
    clientMetadata: { ...client.client_metadata },
    connection: connection.name,
    connectionID: connection.id,
    connectionStrategy: connection.strategy,
    connectionOptions: pickPublicOptions(connection),
    connectionMetadata: { ...connection.metadata },
    protocol,
    sessionID: id,
    request: { ...request },
    stats: { loginsCount: user.logins_count ?? 0 },
    sso: { with_auth0: false, with_dbconn: false, current_clients: [client.client_id] },
    authentication: { methods },
    authorization: { roles: extractRoles(user) },
    // Actions find it as `event.resource_server`.
    resource_server: { identifier: audience },
    idToken: {},
    accessToken: { scope: [...scope] },
  }
}

/** Auth0 shows rules these two; the others may be secrets. */
function pickPublicOptions({ options }: Connection): Record<string, unknown> {
  const { tenant_domain: domain, domain_aliases: aliases } = options
  return {
    ...(domain === undefined ? {} : { tenant_domain: domain }),
    ...(aliases === undefined ? {} : { domain_aliases: aliases }),
  }
}

/** From `app_metadata.authorization.roles`, where Auth0's Authorization extension keeps them, else `app_metadata.roles`. */
function extractRoles({ app_metadata: appMetadata }: User): string[] {
  const authorization = appMetadata?.['authorization'] as { readonly roles?: unknown } | null | undefined
  const roles = authorization?.roles ?? appMetadata?.['roles']
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
}
