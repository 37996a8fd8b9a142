import type { AuthContext } from '@better-auth/core'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'

/** A user of better-auth, with the columns of plugins and `additionalFields`. */
export type BetterAuthUser = Readonly<Record<string, unknown>> & { readonly id: string }

/** A login, as better-auth describes it when it makes tokens. */
export interface BetterAuthLogin {
  readonly clientId: string
  readonly clientName?: string | undefined
  readonly sessionId?: string | undefined
  readonly scopes: readonly string[]
  readonly grantType: string
  /** The parameters of the authorization request. */
  readonly query?: Readonly<Record<string, unknown>> | undefined
}

/** The part of better-auth's request context that is used here. */
export interface EndpointContext {
  readonly body?: unknown
  readonly headers?: ConstructorParameters<typeof Headers>[0]
  readonly context: Pick<AuthContext, 'baseURL' | 'adapter'>
}

/** The columns that have another name in a profile. */
const attributeNames: Readonly<Record<string, string>> = {
  id: 'user_id',
  emailVerified: 'email_verified',
  image: 'picture',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  phoneNumber: 'phone_number',
  phoneNumberVerified: 'phone_verified',
}

/** Builds the profile that rules get. Empty columns are left out. */
export function toBetterAuthProfile(user: BetterAuthUser): User {
  const filledColumns = Object.entries(user).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(filledColumns.map(([name, value]) => [attributeNames[name] ?? name, value]))
}

const protocols: Readonly<Record<string, string>> = {
  refresh_token: 'oauth2-refresh-token',
  'urn:ietf:params:oauth:grant-type:device_code': 'oauth2-device-code',
}

/** Builds the `context` of Auth0's rules. Its `request` is the browser's, which better-auth keeps with the session. */
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

/** Reads the client id from the body, or from HTTP Basic authentication (RFC 6749, section 2.3.1). */
export function parseClientId({ body, headers }: EndpointContext): string {
  const { client_id: clientId } = (body ?? {}) as { readonly client_id?: string }
  if (clientId !== undefined) return clientId
  const basic = /^Basic +(\S+)$/i.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? ''
  return decodeURIComponent(Buffer.from(basic, 'base64').toString().split(':')[0] ?? '')
}
