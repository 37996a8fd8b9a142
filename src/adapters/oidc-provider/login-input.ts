import type { KoaContextWithOIDC } from 'oidc-provider'
import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'

/** What an interaction returns about a login whose rules ran before it. */
export interface Resumption {
  /** The suspended login, for `engine.resume`; absent if the rules start again. */
  readonly state?: string
  /** The parameters with which the user came back from a redirect. */
  readonly query?: Readonly<Record<string, string>>
  /** True if the user has passed the second factor that a rule asked for. */
  readonly challenged?: boolean
}

/** Builds the `context` of Auth0's rules for a request to oidc-provider. */
export function buildOidcProviderContext(
  ctx: KoaContextWithOIDC,
  protocol: string,
  { challenged }: Resumption,
): LoginContext {
  const { client, entities } = ctx.oidc
  const sessionId = getSessionId(ctx)
  const methods = challenged === true ? [{ name: 'mfa', timestamp: Date.now() }] : []
  return {
    tenant: new URL(ctx.oidc.issuer).hostname,
    clientID: client?.clientId ?? '',
    ...(client?.clientName === undefined ? {} : { clientName: client.clientName }),
    protocol,
    ...(sessionId === undefined ? {} : { sessionID: sessionId }),
    request: buildLoginRequest(ctx, pickPublicParameters(ctx.oidc.params)),
    authentication: { methods },
    idToken: {},
    accessToken: { scope: parseScopes(ctx.oidc.params?.['scope'] ?? entities.RefreshToken?.scope) },
  }
}

/** Builds `context.request` with the parameters `query`. */
export function buildLoginRequest(ctx: KoaContextWithOIDC, query: Readonly<Record<string, unknown>>): LoginRequest {
  return { ip: ctx.ip, hostname: ctx.hostname, userAgent: ctx.get('user-agent'), query: { ...query }, body: {} }
}

function getSessionId({ oidc }: KoaContextWithOIDC): string | undefined {
  return oidc.session?.uid ?? oidc.entities.RefreshToken?.sessionUid
}

function parseScopes(scope: unknown): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : []
}

const secretParameters = new Set([
  'client_secret',
  'client_assertion',
  'code',
  'code_verifier',
  'refresh_token',
  'id_token_hint',
  'request',
])

function pickPublicParameters(params: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => value !== undefined && !secretParameters.has(name)),
  )
}
