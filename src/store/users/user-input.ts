import type { Insertable } from 'kysely'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { User } from '../../profile/user.ts'
import { userSchema } from '../../profile/user.ts'
import { validator } from '../../profile/validate.ts'
import type { UsersTable } from '../sql/tables.ts'
import { fold } from './fold.ts'
import { attributeColumns } from './user-row.ts'

const checkUser = validator<User>(userSchema, 'The user')

/** The store writes these itself, or they would look like what they are not. */
const ownAttributes: readonly string[] = [
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

/**
 * The attributes, when a caller may set each of them and each has the right type; `null` stands for unset.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT that names the attribute
 */
export function checkAttributes(attributes: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    if (ownAttributes.includes(name)) throw invalid(name, 'it cannot be set')
    if (value === '' && (name === 'email' || name === 'username')) throw invalid(name, 'it must not be empty')
  }
  checkUser(Object.fromEntries(given.filter(([, value]) => value !== null)))
  return new Map(given)
}

type Columns = Pick<Insertable<UsersTable>, (typeof attributeColumns)[number] | 'email_folded'>

/** The columns that these attributes set, and the attributes that have no column. */
export function splitAttributes(attributes: ReadonlyMap<string, unknown>) {
  const names: readonly string[] = attributeColumns
  const inColumns = [...attributes].filter(([name]) => names.includes(name))
  const columns = Object.fromEntries(inColumns) as Partial<Columns>
  if (columns.email !== undefined) columns.email_folded = columns.email === null ? null : fold(columns.email)
  return { columns, others: new Map([...attributes].filter(([name]) => !names.includes(name))) }
}

/** @throws {ClaimsmithError} INVALID_ARGUMENT when the value cannot be JSON */
export function writeJson(what: string, value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined
    if (text !== undefined) return text
  } catch {
    // A cycle or a bigint: the message below says what would be right.
  }
  throw invalid(what, 'it must be a JSON value')
}

export function invalid(what: string, why: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', `The user's ${what} was refused: ${why}.`, {
    details: { path: `/${what}` },
  })
}
