import type { KoaContextWithOIDC } from 'oidc-provider'
import type { LoginContext } from '../../profile/context.ts'

/** What the interaction told of a login that rules have seen before. */
export interface Resumption {
  /** The parameters with which the user came back from where a rule had sent them. */
  readonly query?: Readonly<Record<string, string>>
  /** The second factor that a rule asked for was given. */
  readonly challenged?: boolean
}

/** The `context` of Auth0's rules for this request of oidc-provider. */
export function contextOf(ctx: KoaContextWithOIDC, protocol: string, { query, challenged }: Resumption): LoginContext {
  const { client, session, params, entities } = ctx.oidc
  const sessionId = session?.uid ?? entities.RefreshToken?.sessionUid
  const scope = typeof params?.['scope'] === 'string' ? params['scope'] : (entities.RefreshToken?.scope ?? '')
  const methods = challenged === true ? [{ name: 'mfa', timestamp: Date.now() }] : []
  return {
    tenant: new URL(ctx.oidc.issuer).hostname,
    clientID: client?.clientId ?? '',
    ...(client?.clientName === undefined ? {} : { clientName: client.clientName }),
    protocol: query === undefined ? protocol : 'redirect-callback',
    ...(sessionId === undefined ? {} : { sessionID: sessionId }),
    request: {
      ip: ctx.ip,
      hostname: ctx.hostname,
      userAgent: ctx.get('user-agent'),
      query: { ...(query ?? publicParameters(params)) },
      body: {},
    },
    authentication: { methods },
    idToken: {},
    accessToken: { scope: scope.split(' ').filter((name) => name !== '') },
  }
}

const secrets = new Set([
  'client_secret',
  'client_assertion',
  'code',
  'code_verifier',
  'refresh_token',
  'id_token_hint',
  'request',
])

function publicParameters(params: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => value !== undefined && !secrets.has(name)))
}
