const openObject = { type: 'object' } as const
const text = { type: 'string' } as const
const textMap = { type: 'object', additionalProperties: { type: 'string' } } as const

/** The context of a login as rules see it: https://auth0.com/docs/customize/rules/context-object. */
export const loginContextSchema = {
  type: 'object',
  properties: {
    tenant: text,
    clientID: text,
    clientName: text,
    clientMetadata: textMap,
    connection: text,
    connectionID: text,
    connectionStrategy: text,
    connectionOptions: openObject,
    connectionMetadata: textMap,
    protocol: text,
    sessionID: text,
    request: {
      type: 'object',
      properties: { userAgent: text, ip: text, hostname: text, query: openObject, body: openObject, geoip: openObject },
    },
    stats: { type: 'object', properties: { loginsCount: { type: 'number' } }, required: ['loginsCount'] },
    sso: openObject,
    accessToken: { type: 'object', properties: { scope: { type: 'array', items: text } } },
    idToken: openObject,
    multifactor: openObject,
    redirect: { type: 'object', properties: { url: text }, required: ['url'] },
    authentication: {
      type: 'object',
      properties: {
        methods: {
          type: 'array',
          items: {
            type: 'object',
            properties: { name: text, timestamp: { type: 'number' } },
            required: ['name', 'timestamp'],
          },
        },
      },
      required: ['methods'],
    },
    authorization: {
      type: 'object',
      properties: { roles: { type: 'array', items: text } },
      required: ['roles'],
    },
    organization: {
      type: 'object',
      properties: { id: text, name: text, metadata: textMap },
    },
    riskAssessment: openObject,
    primaryUser: text,
    samlConfiguration: openObject,
    jwtConfiguration: openObject,
  },
} as const

export type Protocol =
  | 'oidc-basic-profile'
  | 'oidc-implicit-profile'
  | 'oauth2-device-code'
  | 'oauth2-resource-owner'
  | 'oauth2-resource-owner-jwt-bearer'
  | 'oauth2-password'
  | 'oauth2-refresh-token'
  | 'samlp'
  | 'wsfed'
  | 'wstrust-usernamemixed'
  | 'delegation'
  | 'redirect-callback'

/**
 * The HTTP request that began the login.
 *
 * @example
 * const request: LoginRequest = { ip: '203.0.113.7', query: { prompt: 'login' } }
 */
export interface LoginRequest {
  userAgent?: string
  ip?: string
  hostname?: string
  query?: Record<string, unknown>
  body?: Record<string, unknown>
  geoip?: Record<string, unknown>
  [attribute: string]: unknown
}

/** How the user authenticated; `timestamp` is in milliseconds. */
export interface AuthenticationMethod {
  name: string
  timestamp: number
  [attribute: string]: unknown
}

/**
 * The context of a login as rules see it. Mutable: rules write `idToken`, `accessToken`, `redirect` and `multifactor`.
 *
 * @example
 * const context: LoginContext = { clientID: 'shop', protocol: 'oidc-basic-profile', stats: { loginsCount: 3 } }
 */
export interface LoginContext {
  tenant?: string
  clientID?: string
  clientName?: string
  clientMetadata?: Record<string, string>
  /** The connection's name. */
  connection?: string
  connectionID?: string
  connectionStrategy?: string
  connectionOptions?: Record<string, unknown>
  connectionMetadata?: Record<string, string>
  protocol?: Protocol | (string & {})
  sessionID?: string
  request?: LoginRequest
  /** Silent authentication does not count as a login. */
  stats?: { loginsCount: number; [attribute: string]: unknown }
  sso?: Record<string, unknown>
  /** Claims for the access token, beside the scopes it will carry. */
  accessToken?: { scope?: string[]; [claim: string]: unknown }
  /** Claims for the ID token. */
  idToken?: Record<string, unknown>
  /** Set by a rule to ask for a second factor. */
  multifactor?: Record<string, unknown>
  /** Set by a rule to redirect the user after all rules have run. */
  redirect?: { url: string; [attribute: string]: unknown }
  authentication?: { methods: AuthenticationMethod[]; [attribute: string]: unknown }
  authorization?: { roles: string[]; [attribute: string]: unknown }
  organization?: { id?: string; name?: string; metadata?: Record<string, string>; [attribute: string]: unknown }
  riskAssessment?: Record<string, unknown>
  primaryUser?: string
  samlConfiguration?: Record<string, unknown>
  jwtConfiguration?: Record<string, unknown>
  [attribute: string]: unknown
}
