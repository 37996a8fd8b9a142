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
  connection: { id?: string; name?: string; strategy?: string; metadata: Record<string, string> }
  request: EventRequest
  stats: { logins_count: number }
  tenant: { id?: string }
  transaction: EventTransaction
  /** The action's secrets. */
  secrets: Record<string, string>
  authentication?: { methods: EventAuthenticationMethod[]; riskAssessment?: Record<string, unknown> }
  authorization?: { roles: string[] }
  organization?: { id: string; name: string; display_name?: string; metadata: Record<string, string> }
  session?: { id: string; metadata: Record<string, string>; [attribute: string]: unknown }
  refresh_token?: { id?: string; metadata?: Record<string, string>; [attribute: string]: unknown }
  resource_server?: { identifier: string }
  prompt?: { id: string; fields?: Record<string, unknown>; vars?: Record<string, unknown> }
  security_context?: { ja3?: string; ja4?: string }
  custom_domain?: { domain: string; domain_metadata: Record<string, string> }
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
  accessToken: { customClaims: Record<string, unknown>; scope: string[] }
  client: EventClient
  request: EventRequest
  resource_server: { identifier: string }
  tenant: { id?: string }
  transaction: { requested_scopes: string[]; target_scopes: string[] }
  secrets: Record<string, string>
}

/** The profile. Times are ISO 8601 text. */
export interface EventUser {
  user_id: string
  email?: string
  email_verified?: boolean
  name?: string
  nickname?: string
  given_name?: string
  family_name?: string
  picture?: string
  username?: string
  phone_number?: string
  phone_verified?: boolean
  created_at?: string
  updated_at?: string
  identities?: Identity[]
  user_metadata: Metadata
  app_metadata: Metadata
  [attribute: string]: unknown
}

export interface EventClient {
  client_id: string
  name?: string
  metadata: Record<string, string>
}

export interface EventRequest {
  ip?: string
  hostname?: string
  method?: string
  user_agent?: string
  language?: string
  asn?: string
  query: Record<string, string>
  body: Record<string, string>
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

export interface EventTransaction {
  id?: string
  protocol?: string
  requested_scopes: string[]
  acr_values: string[]
  /** The language that the application or the browser requested. */
  locale: string
  ui_locales: string[]
  prompt?: string[]
  response_type?: string[]
  login_hint?: string
  redirect_uri?: string
  response_mode?: string
  state?: string
  /** Values that `api.transaction.setMetadata` has set, visible at once. */
  metadata: Record<string, unknown>
}
