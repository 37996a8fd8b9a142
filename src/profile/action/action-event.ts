import type { Identity, Metadata } from '../user/user.ts'

/**
 * `event` of `onExecutePostLogin` and `onContinuePostLogin`: a copy of the login's data.
 *
 * @example
 * exports.onExecutePostLogin = async (event, api) => {
 *   if (event.user.email_verified !== true) api.access.deny('Verify your address first.')
 * }
 */
export interface PostLoginEvent {
  user: EventUser
  client: EventClient
  connection: EventConnection
  request: EventRequest
  stats: {
    /** How often the user has logged in (`context.stats.loginsCount`). */
    logins_count: number
  }
  tenant: EventTenant
  transaction: EventTransaction
  /** The secrets of the action. */
  secrets: Record<string, string>
  authentication?: {
    /** How the user has authenticated: `name` and `timestamp` (ISO 8601) of each method. */
    methods: EventAuthenticationMethod[]
    /** As `context.riskAssessment` has it. */
    riskAssessment?: Record<string, unknown>
  }
  authorization?: {
    /** As `context.authorization.roles` has them. */
    roles: string[]
  }
  /** As `context.organization` has it. */
  organization?: { id: string; name: string; display_name?: string; metadata: Record<string, string> }
  session?: {
    /** `context.sessionID`. */
    id: string
    /** Values that `api.session.setMetadata` has set, visible at once. */
    metadata: Record<string, string>
    [attribute: string]: unknown
  }
  /** As `context.refresh_token` has it. */
  refresh_token?: { id?: string; metadata?: Record<string, string>; [attribute: string]: unknown }
  resource_server?: EventResourceServer
  /** As `context.prompt` has it. */
  prompt?: { id: string; fields?: Record<string, unknown>; vars?: Record<string, unknown> }
  /** As `context.security_context` has it. */
  security_context?: { ja3?: string; ja4?: string }
  /** As `context.custom_domain` has it. */
  custom_domain?: { domain: string; domain_metadata: Record<string, string> }
  /** As `context.agent` has it. */
  agent?: Record<string, unknown>
}

/**
 * `event` of `onExecuteCredentialsExchange`: a client asks for a token, and no user logs in.
 *
 * @example
 * exports.onExecuteCredentialsExchange = async (event, api) => {
 *   if (event.client.metadata.blocked) api.access.deny('invalid_request', 'The client is blocked.')
 * }
 */
export interface CredentialsExchangeEvent {
  accessToken: {
    /** Claims that earlier actions have set. */
    customClaims: Record<string, unknown>
    /** The scopes that will be granted. */
    scope: string[]
  }
  client: EventClient
  request: EventRequest
  resource_server: EventResourceServer
  tenant: EventTenant
  transaction: {
    /** The scopes of the request. */
    requested_scopes: string[]
    /** The scopes that will be granted. */
    target_scopes: string[]
  }
  /** The secrets of the action. */
  secrets: Record<string, string>
}

/** The profile with what rules have changed, and any other attribute that the store has. Times are ISO 8601 text. */
export interface EventUser {
  /** Identifies the user, with the prefix of the provider. */
  user_id: string
  /** The address. */
  email?: string
  /** Whether the address was proved. */
  email_verified?: boolean
  /** The full name. */
  name?: string
  /** The casual name. */
  nickname?: string
  /** The first name. */
  given_name?: string
  /** The last name. */
  family_name?: string
  /** The URL of an image. */
  picture?: string
  /** The name that the user logs in with, if the connection has such names. */
  username?: string
  /** In E.164 form. */
  phone_number?: string
  /** Whether the number was proved. */
  phone_verified?: boolean
  /** When the user was created. */
  created_at?: string
  /** When the profile last changed. */
  updated_at?: string
  /** The accounts at identity providers. */
  identities?: Identity[]
  /** What the user may change. */
  user_metadata: Metadata
  /** What only the application may change. */
  app_metadata: Metadata
  [attribute: string]: unknown
}

export interface EventClient {
  /** `context.clientID`. */
  client_id: string
  /** `context.clientName`. */
  name?: string
  /** `context.clientMetadata`. */
  metadata: Record<string, string>
}

interface EventConnection {
  /** `context.connectionID`. */
  id?: string
  /** `context.connection`. */
  name?: string
  /** `context.connectionStrategy`. */
  strategy?: string
  /** `context.connectionMetadata`. */
  metadata: Record<string, string>
}

interface EventTenant {
  /** `context.tenant`. */
  id?: string
}

interface EventResourceServer {
  /** The audience that the client asked for, if `context.resource_server` has it. */
  identifier: string
}

/** `context.request`, with these names. */
export interface EventRequest {
  /** The address of the client. */
  ip?: string
  /** The host that the request was sent to. */
  hostname?: string
  /** The HTTP method. */
  method?: string
  /** `context.request.userAgent`. */
  user_agent?: string
  /** The header `Accept-Language`. */
  language?: string
  /** The number of the autonomous system that the address belongs to. */
  asn?: string
  /** Parameters of the URL. */
  query: Record<string, string>
  /** Parameters of the form. */
  body: Record<string, string>
  /** `context.request.geoip`, with these names. Nothing here looks it up: an auth server provides it. */
  geoip: {
    cityName?: string
    continentCode?: string
    countryCode?: string
    countryCode3?: string
    countryName?: string
    latitude?: number
    longitude?: number
    subdivisionCode?: string
    subdivisionName?: string
    timeZone?: string
  }
}

export interface EventAuthenticationMethod {
  name: string
  /** ISO 8601. */
  timestamp: string
  [attribute: string]: unknown
}

/** What the first request of the login asked for, also after a redirect. */
export interface EventTransaction {
  /** `context.sessionID`. */
  id?: string
  /** `context.protocol`. */
  protocol?: string
  /** The scopes of the request. */
  requested_scopes: string[]
  /** The parameter `acr_values`. */
  acr_values: string[]
  /** The language that the application or the browser requested; `en` without one. */
  locale: string
  /** The parameter `ui_locales`. */
  ui_locales: string[]
  /** The parameter `prompt`. */
  prompt?: string[]
  /** The parameter `response_type`. */
  response_type?: string[]
  /** The parameter `login_hint`. */
  login_hint?: string
  /** The parameter `redirect_uri`. */
  redirect_uri?: string
  /** The parameter `response_mode`. */
  response_mode?: string
  /** The parameter `state`. */
  state?: string
  /** Values that `api.transaction.setMetadata` has set, visible at once. */
  metadata: Record<string, unknown>
}
