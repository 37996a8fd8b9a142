import { compileQuery } from '../../search/compile.ts'
import type { Condition } from '../../search/condition.ts'
import type { Field } from '../../search/fields.ts'
import { sortFieldOf } from '../../search/fields.ts'
import { parseQuery } from '../../search/parse.ts'
import { reachOf } from '../../search/reach.ts'
import { invalidQuery } from '../../search/refuse.ts'
import type { SearchSql } from '../../search/search-sql.ts'
import { whereSql } from '../../search/search-sql.ts'
import { type Database, searchTimeoutMs } from '../database/database.ts'
import type { Reach, Rows } from '../database/dialect.ts'
import { raw, sql, type Sql } from '../../search/template.ts'
import type { UserPage, UserQuery } from '../../contract/user-query.ts'
import { countQuery, fewQuery, isFewFirst, pageOfFew, type PageParts, pageQuery } from './page-query.ts'
import { userOf } from './user-row.ts'

const maxPerPage = 100
const maxResults = 1000

/** @throws {ClaimsmithError} INVALID_QUERY or SEARCH_TIMEOUT */
export async function listUsers(database: Database, query: UserQuery): Promise<UserPage> {
  const { page = 0, perPage = 50, includeTotals = false } = query
  const { start, limit } = windowOf(page, perPage)
  const { dialect } = database
  const condition = conditionOf(query.q ?? '')
  const where = sql`${dialect.search.beforeDeadline} and (${whereSql(condition, dialect.search)})`
  const order = orderOf(query, dialect.search)

  const reach = reachOf(condition)
  const isFirstOfAll = query.sort === undefined && matchesAll(condition)
  const parts = { condition, where, order, isPrimary: order === primary, limit, start }
  const rows = rowsOf(database, parts, isFirstOfAll ? 'narrow' : reach)
  if (!includeTotals) return pageOf(await rows, start, limit)
  const totals = database.search(countQuery(where), { reach })
  const [found, [total]] = await Promise.all([rows, totals])
  return { ...pageOf(found, start, limit), total: Number(total?.[0]) }
}

/** Two queries at most, which share the time of one. */
async function rowsOf(database: Database, parts: PageParts, reach: Reach): Promise<Rows> {
  const { dialect } = database
  const deadlineMs = Date.now() + searchTimeoutMs
  if (isFewFirst(dialect, parts)) {
    const found = await database.search(fewQuery(dialect, parts), { reach })
    const few = pageOfFew(found, parts)
    if (few !== undefined) return few
    const timeoutMs = deadlineMs - Date.now()
    return await database.search(pageQuery(dialect, parts), { reach, timeoutMs })
  }
  return await database.search(pageQuery(dialect, parts), { reach })
}

function pageOf(rows: Rows, start: number, limit: number): UserPage {
  return { users: rows.map(userOf), start, limit, length: rows.length }
}

/** Its page is read off an index. */
function matchesAll(condition: Condition): boolean {
  return condition.kind === 'all' && condition.conditions.length === 0
}

function windowOf(page: number, perPage: number): { readonly start: number; readonly limit: number } {
  if (!Number.isSafeInteger(page) || page < 0) throw invalidQuery('The page is a whole number from 0.')
  if (!Number.isSafeInteger(perPage) || perPage < 0 || perPage > maxPerPage) {
    throw invalidQuery(`A page has from 0 to ${maxPerPage} users.`)
  }
  const start = page * perPage
  if (start + perPage > maxResults) {
    throw invalidQuery(
      `Only the first ${maxResults} results can be paged through; ask for something narrower, or export users.`,
    )
  }
  return { start, limit: perPage }
}

function conditionOf(q: string): Condition {
  const query = parseQuery(q)
  return query === undefined ? { kind: 'all', conditions: [] } : compileQuery(query)
}

const byId = raw('users.user_id')
const primary = [raw('users.created_at'), byId]

/** Ends with the user's id, so that pages neither repeat nor miss a user. */
function orderOf({ sort, primaryOrder = true }: UserQuery, search: SearchSql): readonly Sql[] {
  if (sort === undefined) return primaryOrder ? primary : []
  const direction = sort.descending ? 'desc' : 'asc'
  const { keys, optional } = sortKeysOf(sortFieldOf(sort.field), search)
  // Databases disagree on where NULL goes; said without need, it would keep them from using an index.
  const ending = raw(optional ? `${direction} nulls last` : direction)
  return [...keys.map((key) => sql`${key} ${ending}`), byId]
}

function sortKeysOf(field: Field, search: SearchSql): { readonly keys: readonly Sql[]; readonly optional: boolean } {
  if (field.kind === 'loginsCount') return { keys: [raw('users.logins_count')], optional: false }
  if (field.kind === 'json') return { keys: search.sortKeys(field.path[0] ?? ''), optional: true }
  if (!('column' in field) || field.kind === 'identity') throw invalidQuery('Users are not sorted by identities.')
  const always: readonly string[] = ['user_id', 'created_at', 'updated_at']
  return { keys: [raw(`users.${field.column}`)], optional: !always.includes(field.column) }
}
