import { compileQuery } from '../../search/compile.ts'
import type { Condition } from '../../search/condition.ts'
import type { Field } from '../../search/fields.ts'
import { resolveSortField } from '../../search/fields.ts'
import { parseQuery } from '../../search/parse-query.ts'
import { estimateSelectivity } from '../../search/selectivity.ts'
import { createQueryError } from '../../search/query-error.ts'
import type { SearchDialect } from '../../search/search-sql.ts'
import { buildWhere } from '../../search/search-sql.ts'
import { type Database, searchTimeoutMs } from '../database/database.ts'
import type { Selectivity, Rows } from '../database/dialect.ts'
import { raw, sql, type Sql } from '../../search/template.ts'
import type { UserPage, UserQuery } from '../../contract/user-query.ts'
import {
  buildCountQuery,
  buildFewQuery,
  canFetchFewFirst,
  selectPage,
  type PageParts,
  buildPageQuery,
} from './page-query.ts'
import { readUser } from './user-row.ts'

const maxPerPage = 100
const maxResults = 1000

/** @throws {ClaimsmithError} INVALID_QUERY if the search is malformed; SEARCH_TIMEOUT if it takes more than two seconds. */
export async function listUsers(database: Database, query: UserQuery): Promise<UserPage> {
  const { page = 0, perPage = 50, includeTotals = false } = query
  const { start, limit } = resolveWindow(page, perPage)
  const { dialect } = database
  const condition = parseCondition(query.q ?? '')
  const where = sql`${dialect.search.deadlineCheck} and (${buildWhere(condition, dialect.search)})`
  const order = buildOrder(query, dialect.search)

  const selectivity = estimateSelectivity(condition)
  const isUnfiltered = query.sort === undefined && isMatchAll(condition)
  const parts = { condition, where, order, isPrimary: order === creationOrder, limit, start }
  const rows = queryRows(database, parts, isUnfiltered ? 'narrow' : selectivity)
  if (!includeTotals) return toUserPage(await rows, start, limit)
  const totals = database.search(buildCountQuery(where), { selectivity })
  const [pageRows, [total]] = await Promise.all([rows, totals])
  return { ...toUserPage(pageRows, start, limit), total: Number(total?.[0]) }
}

/** Runs one query or two, which share one timeout. */
async function queryRows(database: Database, parts: PageParts, selectivity: Selectivity): Promise<Rows> {
  const { dialect } = database
  const deadlineMs = Date.now() + searchTimeoutMs
  if (canFetchFewFirst(dialect, parts)) {
    const candidates = await database.search(buildFewQuery(dialect, parts), { selectivity })
    const pageRows = selectPage(candidates, parts)
    if (pageRows !== undefined) return pageRows
    const timeoutMs = deadlineMs - Date.now()
    return await database.search(buildPageQuery(dialect, parts), { selectivity, timeoutMs })
  }
  return await database.search(buildPageQuery(dialect, parts), { selectivity })
}

function toUserPage(rows: Rows, start: number, limit: number): UserPage {
  return { users: rows.map(readUser), start, limit, length: rows.length }
}

/** A page of all users is read from an index. */
function isMatchAll(condition: Condition): boolean {
  return condition.kind === 'all' && condition.conditions.length === 0
}

function resolveWindow(page: number, perPage: number): { readonly start: number; readonly limit: number } {
  if (!Number.isSafeInteger(page) || page < 0) throw createQueryError('The page is a whole number from 0.')
  if (!Number.isSafeInteger(perPage) || perPage < 0 || perPage > maxPerPage) {
    throw createQueryError(`A page has from 0 to ${maxPerPage} users.`)
  }
  const start = page * perPage
  if (start + perPage > maxResults) {
    throw createQueryError(
      `Only the first ${maxResults} results can be paged through; ask for something narrower, or export users.`,
    )
  }
  return { start, limit: perPage }
}

function parseCondition(q: string): Condition {
  const query = parseQuery(q)
  return query === undefined ? { kind: 'all', conditions: [] } : compileQuery(query)
}

const byId = raw('users.user_id')
const creationOrder = [raw('users.created_at'), byId]

/** The last key is the user's id, so that pages neither repeat nor miss a user. */
function buildOrder({ sort, primaryOrder = true }: UserQuery, search: SearchDialect): readonly Sql[] {
  if (sort === undefined) return primaryOrder ? creationOrder : []
  const direction = sort.descending ? 'desc' : 'asc'
  const { keys, isOptional } = resolveSortKeys(resolveSortField(sort.field), search)
  // The databases sort NULL differently. `nulls last` is only written if needed, because it prevents the use of an index.
  const suffix = raw(isOptional ? `${direction} nulls last` : direction)
  return [...keys.map((key) => sql`${key} ${suffix}`), byId]
}

function resolveSortKeys(
  field: Field,
  search: SearchDialect,
): { readonly keys: readonly Sql[]; readonly isOptional: boolean } {
  if (field.kind === 'loginsCount') return { keys: [raw('users.logins_count')], isOptional: false }
  if (field.kind === 'json') return { keys: search.buildSortKeys(field.path[0] ?? ''), isOptional: true }
  if (!('column' in field) || field.kind === 'identity') throw createQueryError('Users are not sorted by identities.')
  const always: readonly string[] = ['user_id', 'created_at', 'updated_at']
  return { keys: [raw(`users.${field.column}`)], isOptional: !always.includes(field.column) }
}
