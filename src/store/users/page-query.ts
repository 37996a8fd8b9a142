import type { Condition } from '../search/condition.ts'
import type { SqlDialect } from '../sql/dialect.ts'
import { join, raw, sql, type Sql } from '../sql/template.ts'
import { columnNames } from './user-row.ts'

/** Which rows of `users`, in which order. */
export interface PageParts {
  readonly condition: Condition
  readonly where: Sql
  readonly order: readonly Sql[]
  readonly limit: number
  readonly start: number
}

/** More users than a page has, and few enough to be sorted at once. */
const few = 200

const columns = raw(columnNames.map((name) => `users.${name}`).join(', '))

/** The query for a page of users: of each, what `userOf` reads. */
export function pageQuery(dialect: SqlDialect, { where, order, limit, start }: PageParts): Sql {
  return sql`select ${columns}, ${raw(dialect.identitiesOfUser)} as identities from users where ${where}${orderBy(order)}${window(limit, start)}`
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

/** The same page, right only where `areFew` of its rows; each ends with how many users were found. */
export function fewQuery(dialect: SqlDialect, { where, order, limit, start }: PageParts): Sql {
  return sql`
    select ${columns}, ${raw(dialect.identitiesOfUser)} as identities, count(*) over ()
    from (select * from users where ${where} limit ${few + 1}) as users${orderBy(order)}${window(limit, start)}`
}

export function areFew([first]: readonly (readonly unknown[])[]): boolean {
  return first === undefined || Number(first.at(-1)) <= few
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
