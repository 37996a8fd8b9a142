import type { Condition } from '../../search/condition.ts'
import type { Rows, SqlDialect } from '../database/dialect.ts'
import { joinSql, raw, sql, type Sql } from '../../search/template.ts'
import { columnNames } from './user-row.ts'

/** The rows of `users` that a page holds, and their order. */
export interface PageParts {
  readonly condition: Condition
  readonly where: Sql
  readonly order: readonly Sql[]
  /** Whether the order is by creation time and then by id. */
  readonly isPrimary: boolean
  readonly limit: number
  readonly start: number
}

/** More users than a page has, and few enough to sort in one go. */
const maxFewUsers = 200

const columns = raw(columnNames.map((name) => `users.${name}`).join(', '))

/** The query for a page of users. Its rows are read by `readUser`. */
export function buildPageQuery(dialect: SqlDialect, { where, order, limit, start }: PageParts): Sql {
  return sql`select ${buildSelect(dialect)} from users where ${where}${buildOrderBy(order)}${buildWindow(limit, start)}`
}

/** The query for the number of users that match. */
export function buildCountQuery(where: Sql): Sql {
  return sql`select count(*) as total from users where ${where}`
}

/**
 * Whether to fetch a few users first, without an order that the database could use for its plan.
 *
 * PostgreSQL estimates from a sample of the metadata. It can take a value of one user for a value of ten thousand. Then it
 * would scan the whole table in order until the page is full, which never happens.
 */
export function canFetchFewFirst({ search }: SqlDialect, { condition, order, start, limit }: PageParts): boolean {
  return (
    search.hasPoorMetadataEstimates &&
    order.length > 0 &&
    start + limit <= maxFewUsers &&
    hasMetadataEquality(condition)
  )
}

/** The query for up to `maxFewUsers` + 1 matching users. More than `maxFewUsers` rows mean that there may be others. */
export function buildFewQuery(dialect: SqlDialect, { where, order, isPrimary }: PageParts): Sql {
  const source = sql`users where ${where}${raw(` limit ${maxFewUsers + 1}`)}`
  // Planning a sort would take PostgreSQL as long as finding one user.
  if (isPrimary) return sql`select ${buildSelect(dialect)} from ${source}`
  return sql`select ${buildSelect(dialect)} from (select * from ${source}) as users${buildOrderBy(order)}`
}

/** The page, from the rows of `buildFewQuery`. Undefined if these are not all matching users. */
export function selectPage(rows: Rows, { start, limit, isPrimary }: PageParts): Rows | undefined {
  if (rows.length > maxFewUsers) return undefined
  return (isPrimary ? rows.toSorted(compareCreation) : rows).slice(start, start + limit)
}

const createdAtIndex = columnNames.indexOf('created_at')
const userIdIndex = columnNames.indexOf('user_id')

/** Compares by bytes, as the databases do. For times this equals the order of JavaScript strings. */
function compareCreation(one: readonly unknown[], other: readonly unknown[]): number {
  const [first, second] = [String(one[createdAtIndex]), String(other[createdAtIndex])]
  if (first !== second) return first < second ? -1 : 1
  return Buffer.compare(Buffer.from(String(one[userIdIndex])), Buffer.from(String(other[userIdIndex])))
}

function buildSelect({ identitiesExpression }: SqlDialect): Sql {
  return sql`${columns}, ${raw(identitiesExpression)} as identities`
}

/** The numbers are in the text: SQLite would plan the statement again for each new LIMIT parameter. */
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
