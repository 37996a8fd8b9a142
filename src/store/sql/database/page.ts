import type { SelectQueryBuilder } from 'kysely'
import type { PageRequest } from '../../contract/page-request.ts'
import type { Tables } from './tables.ts'

/** How many rows a query finds on all pages together. */
export async function countRows<Table extends keyof Tables>(
  query: SelectQueryBuilder<Tables, Table, object>,
): Promise<number> {
  const { total } = await query.select((select) => select.fn.countAll().as('total')).executeTakeFirstOrThrow()
  return Number(total)
}

/** Restricts a sorted query to the rows of one page. */
export function limitToPage<Query extends { limit(rows: number): Query; offset(rows: number): Query }>(
  query: Query,
  { page, perPage }: PageRequest,
): Query {
  return query.limit(perPage).offset(page * perPage)
}
