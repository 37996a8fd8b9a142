import type { Insertable } from 'kysely'
import type { UsersTable } from '../database/tables.ts'
import { fold } from './fold.ts'

/** Attributes in which upper and lower case are the same, each with the column that has it in one spelling. */
const columnOf = {
  email: 'email_folded',
  name: 'name_folded',
  given_name: 'given_name_folded',
  family_name: 'family_name_folded',
  nickname: 'nickname_folded',
} as const satisfies Readonly<Record<string, keyof UsersTable>>

type FoldedAttribute = keyof typeof columnOf
export type FoldedColumn = (typeof columnOf)[FoldedAttribute] | 'email_domain'

/** What the columns for searches hold, for those of the attributes that are given; `null` unsets. */
export function foldedColumns(
  attributes: Readonly<Partial<Record<FoldedAttribute, string | null | undefined>>>,
): Partial<Pick<Insertable<UsersTable>, FoldedColumn>> {
  const columns: Partial<Record<FoldedColumn, string | null>> = {}
  for (const [attribute, column] of Object.entries(columnOf) as [FoldedAttribute, FoldedColumn][]) {
    const value = attributes[attribute]
    if (value !== undefined) columns[column] = value === null ? null : fold(value)
  }
  if (columns.email_folded !== undefined) columns.email_domain = domainOf(columns.email_folded)
  return columns
}

function domainOf(email: string | null): string | null {
  return email?.includes('@') === true ? email.slice(email.lastIndexOf('@') + 1) : null
}
