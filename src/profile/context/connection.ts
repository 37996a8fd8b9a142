/** A source of users: a database, a passwordless connection or an identity provider. */
export interface Connection {
  /** `con_` and 16 characters. */
  readonly id: string
  /** Identities and logins refer to it by this name; never changes. */
  readonly name: string
  /** `auth0` is a database, `email` and `sms` are passwordless; any other names an identity provider. Never changes. */
  readonly strategy: string
  readonly display_name?: string | undefined
  readonly options: ConnectionOptions
  /** The `client_id`s that may log users in with it; every client if absent. */
  readonly enabled_clients?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** Auth0's options that have a meaning here. Further options are stored as they are. */
export interface ConnectionOptions {
  /** Whether root attributes are copied from the provider at each login (default) or only at the first. */
  readonly set_user_root_attributes?: 'on_each_login' | 'on_first_login' | undefined
  /** The `iss` of the assertions that log users in. */
  readonly issuer?: string | undefined
  /** The issuer's public keys, as a JWK Set. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined
  /** The URL of the issuer's public keys. */
  readonly jwks_uri?: string | undefined
  readonly [option: string]: unknown
}

/** The root attributes that come from a provider. */
export const syncedAttributes = [
  'name',
  'nickname',
  'given_name',
  'family_name',
  'picture',
  'email',
  'email_verified',
  'phone_number',
  'phone_verified',
] as const

export type SyncedAttribute = (typeof syncedAttributes)[number]

const toTextSchema = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const

/** The members of a connection that a caller may set. */
export const connectionProperties = {
  name: { type: 'string', pattern: '^[a-zA-Z0-9](-?[a-zA-Z0-9])*$', maxLength: 128 },
  strategy: { type: 'string', pattern: '^[a-z0-9](-?[a-z0-9])*$', maxLength: 64 },
  display_name: toTextSchema(128),
  options: {
    type: 'object',
    properties: {
      set_user_root_attributes: { enum: ['on_each_login', 'on_first_login'] },
      issuer: { type: 'string', pattern: '^[!-~]+$', maxLength: 2048 },
      jwks: {
        type: 'object',
        properties: { keys: { type: 'array', maxItems: 100, items: { type: 'object' } } },
        required: ['keys'],
      },
      jwks_uri: toTextSchema(2048),
    },
  },
  enabled_clients: { type: 'array', items: toTextSchema(256), maxItems: 1000 },
  metadata: { type: 'object', maxProperties: 10, additionalProperties: { type: 'string', maxLength: 255 } },
} as const

/** Whether the store owns the attributes of users of this strategy. Otherwise the identity provider does. */
export function isOwnStrategy(strategy: string): boolean {
  return ['auth0', 'email', 'sms'].includes(strategy)
}

/** Whether the provider is an organisation's own, and not a public network. */
export function isEnterpriseStrategy(strategy: string): boolean {
  return enterpriseStrategies.includes(strategy)
}

const enterpriseStrategies: readonly string[] = [
  'ad',
  'adfs',
  'auth0-adldap',
  'google-apps',
  'ip',
  'office365',
  'oidc',
  'okta',
  'pingfederate',
  'samlp',
  'sharepoint',
  'waad',
]

/** Whether root attributes are copied from the provider at each login, so that updates of them are refused. */
export function isProfileSynced({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): boolean {
  return !isOwnStrategy(strategy) && options.set_user_root_attributes !== 'on_first_login'
}

/** Whether an option is a secret, which no call returns. */
export function isSecretOption(name: string): boolean {
  return /(secret|password|private_?key|signing_?key|(^|_)token)$/i.test(name) || name === 'configuration'
}
