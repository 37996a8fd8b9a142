import type { KoaContextWithOIDC } from 'oidc-provider'
import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'

/** What the interaction told of a login that rules have seen before. */
export interface Resumption {
  /** The login that was suspended, as `engine.resume` takes it; absent where it begins again. */
  readonly state?: string
  /** The parameters with which the user came back from where a rule had sent them. */
  readonly query?: Readonly<Record<string, string>>
  /** The second factor that a rule asked for was given. */
  readonly challenged?: boolean
}

/** The `context` of Auth0's rules for this request of oidc-provider. */
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

/** `context.request`, with these parameters. */
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
