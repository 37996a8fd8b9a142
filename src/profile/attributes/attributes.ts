/** What the Management API lets a caller do with one root attribute of a user. */
export interface Attribute {
  readonly description: string
  /** The JSON Schema of a value. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Whether calls return it. */
  readonly isReadable: boolean
  /** Whether a user can be created with it. */
  readonly isCreatable: boolean
  readonly update: UpdateRule
  /** Whether an update with `null` unsets it. */
  readonly isNullable: boolean
  /** A scope that allows its update without `update:users`. */
  readonly updateScope?: 'update:current_user_metadata' | 'update:users_app_metadata'
  readonly isSearchable: boolean
  readonly isSortable: boolean
}

/**
 * When an update may set an attribute.
 *
 * - `database-or-passwordless`: the user's connection is a database, `email` or `sms`.
 * - `database-email-or-social`: the connection is a database or `email`, or the user is from a social provider.
 * - `unless-synced`: as `database-or-passwordless`, or the connection does not sync the profile at each login.
 */
export type UpdateRule = 'always' | 'database-or-passwordless' | 'database-email-or-social' | 'unless-synced' | 'never'

const toTextSchema = (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength }) as const
const booleanSchema = { type: 'boolean' } as const
const dateTimeSchema = { type: 'string', format: 'date-time' } as const
const toNameAttribute = (maxLength: number) =>
  ({ schema: toTextSchema(1, maxLength), ...visible, update: 'unless-synced', isNullable: true }) as const

const visible = { isReadable: true, isCreatable: true, isSearchable: true, isSortable: true } as const
const managed = { ...visible, isCreatable: false, update: 'never', isNullable: false } as const

/** Every root attribute. Validation, documentation and tests read this table. Bounds are those of Auth0's API. */
export const attributes = {
  user_id: {
    description: 'provider and unique identifier; given without its prefix',
    schema: { ...toTextSchema(1, 255), pattern: '^\\S*$' },
    ...visible,
    update: 'never',
    isNullable: false,
  },
  email: {
    description: 'unique in its connection',
    schema: { ...toTextSchema(3, 320), pattern: '^[^@\\s]+@[^@\\s]+$' },
    ...visible,
    update: 'database-or-passwordless',
    isNullable: true,
  },
  email_verified: {
    description: 'false whenever the address changes',
    schema: booleanSchema,
    ...visible,
    update: 'database-email-or-social',
    isNullable: false,
  },
  username: {
    description: 'unique in its connection',
    schema: { ...toTextSchema(1, 128), pattern: '^\\S*$' },
    ...visible,
    update: 'database-or-passwordless',
    isNullable: true,
  },
  phone_number: {
    description: 'in E.164 form',
    schema: { type: 'string', pattern: '^\\+[0-9]{1,15}$' },
    ...visible,
    update: 'database-or-passwordless',
    isNullable: true,
  },
  phone_verified: {
    description: 'whether it was proved',
    schema: booleanSchema,
    ...visible,
    update: 'database-or-passwordless',
    isNullable: false,
  },
  password: {
    description: 'kept as an Argon2id hash',
    schema: toTextSchema(1, 1024),
    isReadable: false,
    isCreatable: true,
    update: 'database-or-passwordless',
    isNullable: false,
    isSearchable: false,
    isSortable: false,
  },
  name: { description: 'the full name', ...toNameAttribute(300) },
  nickname: { description: 'the casual name', ...toNameAttribute(300) },
  given_name: { description: 'the first name', ...toNameAttribute(150) },
  family_name: { description: 'the last name', ...toNameAttribute(150) },
  picture: { description: 'the URL of an image', ...toNameAttribute(2048) },
  blocked: {
    description: 'ends every login of the user',
    schema: booleanSchema,
    ...visible,
    update: 'always',
    isNullable: false,
  },
  user_metadata: {
    description: 'what the user may change; merged at its first level',
    schema: { type: 'object' },
    ...visible,
    update: 'always',
    isNullable: true,
    updateScope: 'update:current_user_metadata',
    isSortable: false,
  },
  app_metadata: {
    description: 'what only the application may change; merged at its first level',
    schema: { type: 'object' },
    ...visible,
    update: 'always',
    isNullable: true,
    updateScope: 'update:users_app_metadata',
    isSortable: false,
  },
  identities: {
    description: 'the accounts at identity providers; linking and unlinking change it',
    schema: { type: 'array', items: { type: 'object' } },
    ...managed,
    isSortable: false,
  },
  created_at: { description: 'when the user was created', schema: dateTimeSchema, ...managed },
  updated_at: { description: 'when the profile last changed', schema: dateTimeSchema, ...managed },
  last_login: { description: 'when the user last logged in', schema: dateTimeSchema, ...managed },
  last_ip: { description: 'from which address', schema: { type: 'string' }, ...managed },
  logins_count: { description: 'how often', schema: { type: 'integer' }, ...managed },
} as const satisfies Readonly<Record<string, Attribute>>

export type AttributeName = keyof typeof attributes

/** The rows of the table. */
export const attributeRows: readonly (readonly [AttributeName, Attribute])[] = Object.entries(attributes) as [
  AttributeName,
  Attribute,
][]
