import type { Insertable } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { User } from '../../../profile/user/user.ts'
import { userSchema } from '../../../profile/user/user.ts'
import { createValidator } from '../../../profile/schema/create-validator.ts'
import type { UsersTable } from '../database/tables.ts'
import type { NormalizedColumn } from './normalized-columns.ts'
import { toNormalizedColumns } from './normalized-columns.ts'
import { attributeColumns } from './user-row.ts'

const checkUser = createValidator<User>(userSchema, 'The user')

/** Attributes that only the store writes, or that would be mistaken for a part of an identity. */
const reservedAttributes: readonly string[] = [
  'user_id',
  'identities',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
  'connection',
  'provider',
  'isSocial',
  'profileData',
  'password_hash',
  '__proto__',
]

/** Attributes that belong to the user and not to an account: linking and unlinking do not copy them. */
export const userOnlyAttributes: readonly string[] = [
  'user_id',
  'identities',
  'user_metadata',
  'app_metadata',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
]

/**
 * Checks that a caller may set each attribute and that it has the right type. `null` means unset; undefined is dropped.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT with the name of the attribute if one cannot be set or has the wrong type.
 */
export function checkAttributes(attributes: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined)
  for (const [name, value] of entries) {
    if (reservedAttributes.includes(name)) throw createUserError(name, 'it cannot be set')
    if (typeof value === 'string' && !isStorableText(value)) throw createUserError(name, unstorableMessage)
    if (value === '' && (name === 'email' || name === 'username')) throw createUserError(name, 'it must not be empty')
  }
  checkUser(Object.fromEntries(entries.filter(([, value]) => value !== null)))
  return new Map(entries)
}

type Columns = Pick<Insertable<UsersTable>, (typeof attributeColumns)[number] | NormalizedColumn>

/** Splits attributes into columns, with their normalized columns, and attributes that have no column. */
export function splitAttributes(attributes: ReadonlyMap<string, unknown>) {
  const names: readonly string[] = attributeColumns
  const columnEntries = [...attributes].filter(([name]) => names.includes(name))
  const columns = Object.fromEntries(columnEntries) as Partial<Columns>
  Object.assign(columns, toNormalizedColumns(columns))
  return { columns, others: new Map([...attributes].filter(([name]) => !names.includes(name))) }
}

/** @throws {ClaimsmithError} INVALID_ARGUMENT if the value has no JSON form, or holds text that no database can store. */
export function writeJson(attribute: string, value: unknown): string {
  const text = toJson(value)
  if (text === undefined) throw createUserError(attribute, 'it must be a JSON value')
  if (/\\u(0000|d[89a-f])/.test(text) && !isStorableJson(value)) throw createUserError(attribute, unstorableMessage)
  return text
}

/** Undefined if the value has no JSON form, as a cycle or a bigint. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

const unstorableMessage = 'its text holds a character that a database cannot keep: U+0000, or half of a surrogate pair'

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** Whether every string in a JSON value, including keys, can be stored. */
function isStorableJson(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => isStorableText(key) && isStorableJson(inner))
}

export function createUserError(attribute: string, reason: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', `The user's ${attribute} was refused: ${reason}.`, {
    details: { path: `/${attribute}` },
  })
}
