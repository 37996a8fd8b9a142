import type { CompiledQuery, Expression, Kysely, SqlBool } from 'kysely'
import { sql } from 'kysely'
import type { Condition } from '../search/condition.ts'
import type { SqlDialect } from '../sql/dialect.ts'
import type { Tables } from '../sql/tables.ts'
import { selectUsers } from './user-row.ts'

/** Which rows of `users`, in which order. */
export interface PageParts {
  readonly condition: Condition
  readonly where: Expression<SqlBool>
  readonly order: readonly Expression<unknown>[]
  readonly limit: number
  readonly start: number
}

/** More users than a page has, and few enough to be sorted at once. */
const few = 200

/** The query for a page of users. */
export function pageQuery(db: Kysely<Tables>, dialect: SqlDialect, parts: PageParts): CompiledQuery {
  const { condition, where, order, limit, start } = parts
  if (dialect.search.misjudgesMetadata && order.length > 0 && asksForMetadata(condition)) {
    return findFirst(dialect, parts).compile(db)
  }
  let select = selectUsers(db, dialect).where(where).limit(limit).offset(start)
  for (const key of order) select = select.orderBy(key)
  return select.compile()
}

/**
 * Finds a few users before it thinks of their order, and walks through all users in order only where there are more.
 *
 * From its sample of the metadata, PostgreSQL takes some value that one user has for one that ten thousand have, and would
 * then look through the whole table in order until a page is full: it never is.
 */
function findFirst(dialect: SqlDialect, { where, order, limit, start }: PageParts) {
  const page = (from: typeof where, condition: typeof where) => sql`
    (select users.*, ${dialect.identitiesOfUser} as identities from ${from} where ${condition}
     order by ${sql.join(order)} limit ${limit} offset ${start})`
  const count = sql`(select count(*) from found)`
  return sql`
    with found as materialized (select * from users where ${where} limit ${few + 1})
    ${page(sql`found as users`, sql`${count} <= ${few}`)}
    union all
    ${page(sql`users`, sql`${where} and ${count} > ${few}`)}`
}

function asksForMetadata(condition: Condition): boolean {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.conditions.some(asksForMetadata)
  return condition.kind === 'json' && condition.document !== 'attributes' && condition.test.kind === 'equals'
}
