import type { Insertable } from 'kysely'
import type { UsersTable } from '../database/tables.ts'
import { normalizeIdentifier } from './normalize-identifier.ts'

/** Attributes that are searched ignoring case, each with the column of its normalized value. */
const columnByAttribute = {
  email: 'email_folded',
  name: 'name_folded',
  given_name: 'given_name_folded',
  family_name: 'family_name_folded',
  nickname: 'nickname_folded',
} as const satisfies Readonly<Record<string, keyof UsersTable>>

type NormalizedAttribute = keyof typeof columnByAttribute
export type NormalizedColumn = (typeof columnByAttribute)[NormalizedAttribute] | 'email_domain'

/** The normalized columns of the attributes that are present. `null` clears a column. */
export function toNormalizedColumns(
  attributes: Readonly<Partial<Record<NormalizedAttribute, string | null | undefined>>>,
): Partial<Pick<Insertable<UsersTable>, NormalizedColumn>> {
  const columns: Partial<Record<NormalizedColumn, string | null>> = {}
  for (const [attribute, column] of Object.entries(columnByAttribute) as [NormalizedAttribute, NormalizedColumn][]) {
    const value = attributes[attribute]
    if (value !== undefined) columns[column] = value === null ? null : normalizeIdentifier(value)
  }
  if (columns.email_folded !== undefined) columns.email_domain = parseEmailDomain(columns.email_folded)
  return columns
}

function parseEmailDomain(email: string | null): string | null {
  return email?.includes('@') === true ? email.slice(email.lastIndexOf('@') + 1) : null
}
