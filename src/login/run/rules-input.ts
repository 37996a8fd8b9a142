import type { Connection } from '../../profile/context/connection.ts'
import type { LoginContext, Protocol } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import type { Transaction } from './transaction.ts'
import { omitPasswords } from './omit-passwords.ts'

/**
 * Builds the user that rules see. Members of `app_metadata` are also at the root, unless the profile has an attribute of
 * that name (Auth0, "User object properties in rules").
 */
export function buildRulesUser(user: User): User {
  return omitPasswords({ ...user.app_metadata, ...user })
}

/** The authentication method of each grant; a refresh authenticates nothing anew. */
const authenticationMethods: Partial<Record<Protocol, string>> = {
  'oauth2-password': 'pwd',
  'oauth2-resource-owner-jwt-bearer': 'federated',
}

/** Builds the `context` of Auth0's rules. */
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
    // In actions: `event.resource_server`.
    resource_server: { identifier: audience },
    idToken: {},
    accessToken: { scope: [...scope] },
  }
}

/** Auth0 shows these two options to rules; the others may be secrets. */
function pickPublicOptions({ options }: Connection): Record<string, unknown> {
  const { tenant_domain: domain, domain_aliases: aliases } = options
  return {
    ...(domain === undefined ? {} : { tenant_domain: domain }),
    ...(aliases === undefined ? {} : { domain_aliases: aliases }),
  }
}

/** Reads `app_metadata.authorization.roles`, as Auth0's Authorization extension writes them, or else `app_metadata.roles`. */
function extractRoles({ app_metadata: appMetadata }: User): string[] {
  const authorization = appMetadata?.['authorization'] as { readonly roles?: unknown } | null | undefined
  const roles = authorization?.roles ?? appMetadata?.['roles']
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
}
