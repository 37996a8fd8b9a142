import type { AuthContext } from '@better-auth/core'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'

/** A user as better-auth has it: the columns of its own, and those of plugins and `additionalFields`. */
export type BetterAuthUser = Readonly<Record<string, unknown>> & { readonly id: string }

/** What is known of a login where its tokens are made. */
export interface BetterAuthLogin {
  readonly clientId: string
  readonly clientName?: string | undefined
  readonly sessionId?: string | undefined
  readonly scopes: readonly string[]
  readonly grantType: string
  /** What the client asked the authorization endpoint for. */
  readonly query?: Readonly<Record<string, unknown>> | undefined
}

/** What is used of better-auth's context of a request. */
export interface EndpointContext {
  readonly body?: unknown
  readonly headers?: ConstructorParameters<typeof Headers>[0]
  readonly context: Pick<AuthContext, 'baseURL' | 'adapter'>
}

/** What a profile calls each column, where it calls it otherwise. */
const attributeNames: Readonly<Record<string, string>> = {
  id: 'user_id',
  emailVerified: 'email_verified',
  image: 'picture',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  phoneNumber: 'phone_number',
  phoneNumberVerified: 'phone_verified',
}

/** The profile that rules get of a user of better-auth; what is empty is not there. */
export function toBetterAuthProfile(user: BetterAuthUser): User {
  const filledColumns = Object.entries(user).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(filledColumns.map(([name, value]) => [attributeNames[name] ?? name, value]))
}

const protocols: Readonly<Record<string, string>> = {
  refresh_token: 'oauth2-refresh-token',
  'urn:ietf:params:oauth:grant-type:device_code': 'oauth2-device-code',
}

/** The `context` of Auth0's rules. The request is that of the user's browser, as better-auth keeps it with the session. */
export async function buildBetterAuthContext(
  login: BetterAuthLogin,
  { context }: EndpointContext,
): Promise<LoginContext> {
  const { clientId, clientName, sessionId, scopes, grantType, query } = login
  const { hostname } = new URL(context.baseURL)
  const where = [{ field: 'id', value: sessionId ?? '' }]
  const session =
    sessionId === undefined ? null : await context.adapter.findOne<BrowserSession>({ model: 'session', where })
  return {
    tenant: hostname,
    clientID: clientId,
    ...(clientName === undefined ? {} : { clientName }),
    protocol: protocols[grantType] ?? 'oidc-basic-profile',
    ...(sessionId === undefined ? {} : { sessionID: sessionId }),
    request: {
      hostname,
      ...(session?.ipAddress ? { ip: session.ipAddress } : {}),
      ...(session?.userAgent ? { userAgent: session.userAgent } : {}),
      query: { ...query },
      body: {},
    },
    authentication: { methods: [] },
    idToken: {},
    accessToken: { scope: [...scopes] },
  }
}

interface BrowserSession {
  readonly ipAddress?: string | null
  readonly userAgent?: string | null
}

/** Who asks the token endpoint: the parameter, or the name in HTTP Basic authentication. */
export function parseClientId({ body, headers }: EndpointContext): string {
  const { client_id: clientId } = (body ?? {}) as { readonly client_id?: string }
  if (clientId !== undefined) return clientId
  const basic = /^Basic +(\S+)$/i.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? ''
  return decodeURIComponent(Buffer.from(basic, 'base64').toString().split(':')[0] ?? '')
}
