/** A time: ISO 8601 text in a store, a Date in the host. Rules keep either. */
const dateTimeSchema = { anyOf: [{ type: 'string' }, { type: 'object', instanceOf: 'Date' }] } as const

export const metadataSchema = { type: 'object' } as const

export const identitySchema = {
  type: 'object',
  properties: {
    connection: { type: 'string' },
    provider: { type: 'string' },
    user_id: { type: 'string' },
    isSocial: { type: 'boolean' },
    profileData: { type: 'object' },
  },
  required: ['connection', 'provider', 'user_id'],
} as const

/** A profile: known attributes have types, and any further attribute is allowed. */
export const userSchema = {
  type: 'object',
  properties: {
    user_id: { type: 'string' },
    email: { type: 'string' },
    email_verified: { type: 'boolean' },
    name: { type: 'string' },
    nickname: { type: 'string' },
    given_name: { type: 'string' },
    family_name: { type: 'string' },
    picture: { type: 'string' },
    username: { type: 'string' },
    phone_number: { type: 'string' },
    phone_verified: { type: 'boolean' },
    created_at: dateTimeSchema,
    updated_at: dateTimeSchema,
    last_login: dateTimeSchema,
    last_ip: { type: 'string' },
    logins_count: { type: 'number' },
    blocked: { type: 'boolean' },
    identities: { type: 'array', items: identitySchema },
    user_metadata: metadataSchema,
    app_metadata: metadataSchema,
  },
} as const

/**
 * One account of a user at an identity provider. Only the provider changes it.
 *
 * @example
 * const identity: Identity = { connection: 'google', provider: 'google-oauth2', user_id: '1', isSocial: true }
 */
export interface Identity {
  connection: string
  provider: string
  /** The id at the provider, without the provider's prefix. */
  user_id: string
  isSocial?: boolean
  profileData?: Readonly<Record<string, unknown>>
  [attribute: string]: unknown
}

/**
 * `user_metadata` or `app_metadata`.
 *
 * @example
 * const metadata: Metadata = { roles: ['admin'] }
 */
export type Metadata = Record<string, unknown>

/**
 * A profile as rules see it. Mutable, because rules change it; any further attribute is allowed.
 *
 * @example
 * const user: User = { user_id: 'auth0|1', email: 'ada@example.com', user_metadata: { picture: 'https://example.com/ada.png' } }
 */
export interface User {
  /** Provider prefix and id, such as `auth0|65a1…`. */
  user_id?: string
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
  created_at?: string | Date
  updated_at?: string | Date
  last_login?: string | Date
  last_ip?: string
  logins_count?: number
  blocked?: boolean
  identities?: Identity[]
  /** Metadata that the user may change. */
  user_metadata?: Metadata
  /** Metadata that only the application may change. */
  app_metadata?: Metadata
  [attribute: string]: unknown
}
