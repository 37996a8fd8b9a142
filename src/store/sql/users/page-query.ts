import type { Condition } from '../../search/condition.ts'
import type { Rows, SqlDialect } from '../database/dialect.ts'
import { join, raw, sql, type Sql } from '../../search/template.ts'
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
const few = 200

const columns = raw(columnNames.map((name) => `users.${name}`).join(', '))

/** The query for a page of users: of each, what `userOf` reads. */
export function pageQuery(dialect: SqlDialect, { where, order, limit, start }: PageParts): Sql {
  return sql`select ${selected(dialect)} from users where ${where}${orderBy(order)}${window(limit, start)}`
}

/** How many users match. */
export function countQuery(where: Sql): Sql {
  return sql`select count(*) as total from users where ${where}`
}

/**
 * Whether a few users are to be found before the database thinks of their order.
 *
 * From its sample of the metadata, PostgreSQL takes some value that one user has for one that ten thousand have, and would
 * then look through the whole table in order until a page is full: it never is.
 */
export function isFewFirst({ search }: SqlDialect, { condition, order, start, limit }: PageParts): boolean {
  return search.misjudgesMetadata && order.length > 0 && start + limit <= few && asksForMetadata(condition)
}

/** All users that the search finds, when they are few; otherwise one more than that. */
export function fewQuery(dialect: SqlDialect, { where, order, isPrimary }: PageParts): Sql {
  const found = sql`users where ${where}${raw(` limit ${few + 1}`)}`
  // PostgreSQL takes as long to plan how to sort one user as to find it.
  if (isPrimary) return sql`select ${selected(dialect)} from ${found}`
  return sql`select ${selected(dialect)} from (select * from ${found}) as users${orderBy(order)}`
}

/** The page, of what `fewQuery` found; undefined when that is not all. */
export function pageOfFew(found: Rows, { start, limit, isPrimary }: PageParts): Rows | undefined {
  if (found.length > few) return undefined
  return (isPrimary ? found.toSorted(byCreation) : found).slice(start, start + limit)
}

const createdAt = columnNames.indexOf('created_at')
const userId = columnNames.indexOf('user_id')

/** As databases sort: by bytes, which for times is as JavaScript does. */
function byCreation(one: readonly unknown[], other: readonly unknown[]): number {
  const [first, second] = [String(one[createdAt]), String(other[createdAt])]
  if (first !== second) return first < second ? -1 : 1
  return Buffer.compare(Buffer.from(String(one[userId])), Buffer.from(String(other[userId])))
}

function selected({ identitiesOfUser }: SqlDialect): Sql {
  return sql`${columns}, ${raw(identitiesOfUser)} as identities`
}

/** As numbers in the text: SQLite plans a statement anew whenever it is given another LIMIT as a parameter. */
function window(limit: number, start: number): Sql {
  return raw(` limit ${limit} offset ${start}`)
}

function orderBy(order: readonly Sql[]): Sql {
  return order.length === 0 ? raw('') : sql` order by ${join(order, ', ')}`
}

function asksForMetadata(condition: Condition): boolean {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.conditions.some(asksForMetadata)
  return condition.kind === 'json' && condition.document !== 'attributes' && condition.test.kind === 'equals'
}
