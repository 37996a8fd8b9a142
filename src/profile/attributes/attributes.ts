/** What the Management API lets a caller do with one root attribute of a user. */
export interface Attribute {
  readonly description: string
  /** The JSON Schema of a value. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Whether any call shows it. */
  readonly readable: boolean
  /** Whether a user can be created with it. */
  readonly create: boolean
  readonly update: UpdateRule
  /** Whether an update with `null` unsets it. */
  readonly nullable: boolean
  /** What opens it to an update beside `update:users`. */
  readonly updateScope?: 'update:current_user_metadata' | 'update:users_app_metadata'
  readonly searchable: boolean
  readonly sortable: boolean
}

/**
 * When an update may set an attribute.
 *
 * `own`: on a database or passwordless connection. `vouched`: there, except by SMS, and for social users.
 * `unsynced`: there, and where the connection does not sync the profile at each login.
 */
export type UpdateRule = 'always' | 'own' | 'vouched' | 'unsynced' | 'never'

const text = (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength }) as const
const flag = { type: 'boolean' } as const
const moment = { type: 'string', format: 'date-time' } as const
const name = (maxLength: number) =>
  ({ schema: text(1, maxLength), ...shown, update: 'unsynced', nullable: true }) as const

const shown = { readable: true, create: true, searchable: true, sortable: true } as const
const kept = { ...shown, create: false, update: 'never', nullable: false } as const

/** Every root attribute: validation, documentation and tests read this table. Bounds are those of Auth0's API. */
export const attributes = {
  user_id: {
    description: 'provider and unique identifier; given without its prefix',
    schema: { ...text(1, 255), pattern: '^\\S*$' },
    ...shown,
    update: 'never',
    nullable: false,
  },
  email: {
    description: 'unique in its connection',
    schema: { ...text(3, 320), pattern: '^[^@\\s]+@[^@\\s]+$' },
    ...shown,
    update: 'own',
    nullable: true,
  },
  email_verified: {
    description: 'false whenever the address changes',
    schema: flag,
    ...shown,
    update: 'vouched',
    nullable: false,
  },
  username: {
    description: 'unique in its connection',
    schema: { ...text(1, 128), pattern: '^\\S*$' },
    ...shown,
    update: 'own',
    nullable: true,
  },
  phone_number: {
    description: 'in E.164 form',
    schema: { type: 'string', pattern: '^\\+[0-9]{1,15}$' },
    ...shown,
    update: 'own',
    nullable: true,
  },
  phone_verified: { description: 'whether it was proved', schema: flag, ...shown, update: 'own', nullable: false },
  password: {
    description: 'kept as an Argon2id hash',
    schema: text(1, 1024),
    readable: false,
    create: true,
    update: 'own',
    nullable: false,
    searchable: false,
    sortable: false,
  },
  name: { description: 'the full name', ...name(300) },
  nickname: { description: 'the casual name', ...name(300) },
  given_name: { description: 'the first name', ...name(150) },
  family_name: { description: 'the last name', ...name(150) },
  picture: { description: 'the URL of an image', ...name(2048) },
  blocked: {
    description: 'ends every login of the user',
    schema: flag,
    ...shown,
    update: 'always',
    nullable: false,
  },
  user_metadata: {
    description: 'what the user may change; merged at its first level',
    schema: { type: 'object' },
    ...shown,
    update: 'always',
    nullable: true,
    updateScope: 'update:current_user_metadata',
    sortable: false,
  },
  app_metadata: {
    description: 'what only the application may change; merged at its first level',
    schema: { type: 'object' },
    ...shown,
    update: 'always',
    nullable: true,
    updateScope: 'update:users_app_metadata',
    sortable: false,
  },
  identities: {
    description: 'the accounts at identity providers; linking and unlinking change it',
    schema: { type: 'array', items: { type: 'object' } },
    ...kept,
    sortable: false,
  },
  created_at: { description: 'when the user was created', schema: moment, ...kept },
  updated_at: { description: 'when the profile last changed', schema: moment, ...kept },
  last_login: { description: 'when the user last logged in', schema: moment, ...kept },
  last_ip: { description: 'from which address', schema: { type: 'string' }, ...kept },
  logins_count: { description: 'how often', schema: { type: 'integer' }, ...kept },
} as const satisfies Readonly<Record<string, Attribute>>

export type AttributeName = keyof typeof attributes

/** The rows of the table. */
export const attributeRows: readonly (readonly [AttributeName, Attribute])[] = Object.entries(attributes) as [
  AttributeName,
  Attribute,
][]
