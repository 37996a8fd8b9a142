import type { Condition } from '../../search/condition.ts'
import type { Rows, SqlDialect } from '../database/dialect.ts'
import { joinSql, raw, sql, type Sql } from '../../search/template.ts'
import { columnNames } from './user-row.ts'

/** Which rows of `users`, in which order. */
export interface PageParts {
  readonly condition: Condition
  readonly where: Sql
  readonly order: readonly Sql[]
  /** The order is that of the users' creation, and then of their ids. */
  readonly isPrimary: boolean
  readonly limit: number
  readonly start: number
}

/** More users than a page has, and few enough to be sorted at once. */
const maxFewUsers = 200

const columns = raw(columnNames.map((name) => `users.${name}`).join(', '))

/** The query for a page of users: of each, what `userOf` reads. */
export function buildPageQuery(dialect: SqlDialect, { where, order, limit, start }: PageParts): Sql {
  return sql`select ${buildSelect(dialect)} from users where ${where}${buildOrderBy(order)}${buildWindow(limit, start)}`
}

/** How many users match. */
export function buildCountQuery(where: Sql): Sql {
  return sql`select count(*) as total from users where ${where}`
}

/**
 * Whether a few users are to be found before the database thinks of their order.
 *
 * From its sample of the metadata, PostgreSQL takes some value that one user has for one that ten thousand have, and would
 * then look through the whole table in order until a page is full: it never is.
 */
export function canFetchFewFirst({ search }: SqlDialect, { condition, order, start, limit }: PageParts): boolean {
  return (
    search.hasPoorMetadataEstimates &&
    order.length > 0 &&
    start + limit <= maxFewUsers &&
    hasMetadataEquality(condition)
  )
}

/** All users that the search finds, when they are few; otherwise one more than that. */
export function buildFewQuery(dialect: SqlDialect, { where, order, isPrimary }: PageParts): Sql {
  const source = sql`users where ${where}${raw(` limit ${maxFewUsers + 1}`)}`
  // PostgreSQL takes as long to plan how to sort one user as to find it.
  if (isPrimary) return sql`select ${buildSelect(dialect)} from ${source}`
  return sql`select ${buildSelect(dialect)} from (select * from ${source}) as users${buildOrderBy(order)}`
}

/** The page, of what `fewQuery` found; undefined when that is not all. */
export function selectPage(rows: Rows, { start, limit, isPrimary }: PageParts): Rows | undefined {
  if (rows.length > maxFewUsers) return undefined
  return (isPrimary ? rows.toSorted(compareCreation) : rows).slice(start, start + limit)
}

const createdAtIndex = columnNames.indexOf('created_at')
const userIdIndex = columnNames.indexOf('user_id')

/** As databases sort: by bytes, which for times is as JavaScript does. */
function compareCreation(one: readonly unknown[], other: readonly unknown[]): number {
  const [first, second] = [String(one[createdAtIndex]), String(other[createdAtIndex])]
  if (first !== second) return first < second ? -1 : 1
  return Buffer.compare(Buffer.from(String(one[userIdIndex])), Buffer.from(String(other[userIdIndex])))
}

function buildSelect({ identitiesExpression }: SqlDialect): Sql {
  return sql`${columns}, ${raw(identitiesExpression)} as identities`
}

/** As numbers in the text: SQLite plans a statement anew whenever it is given another LIMIT as a parameter. */
function buildWindow(limit: number, start: number): Sql {
  return raw(` limit ${limit} offset ${start}`)
}

function buildOrderBy(order: readonly Sql[]): Sql {
  return order.length === 0 ? raw('') : sql` order by ${joinSql(order, ', ')}`
}

function hasMetadataEquality(condition: Condition): boolean {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.conditions.some(hasMetadataEquality)
  return condition.kind === 'json' && condition.document !== 'attributes' && condition.test.kind === 'equals'
}
