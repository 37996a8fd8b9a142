import type { FromSchema } from 'json-schema-to-ts'

/** The query parameters that choose a page. */
export const paging = {
  /** Counts from 0. */
  page: { type: 'integer', minimum: 0, maximum: 1_000_000 },
  per_page: { type: 'integer', minimum: 0, maximum: 100 },
  /** Asks for `{ start, limit, length, total, … }` instead of the bare array. */
  include_totals: { type: 'boolean' },
} as const

export type Paging = FromSchema<{ type: 'object'; properties: typeof paging; additionalProperties: false }>

export function resolvePage({ page = 0, per_page: perPage = 50 }: Paging): {
  readonly page: number
  readonly perPage: number
} {
  return { page, perPage }
}

/** Builds the bare array or the object with totals, as the query asks; `name` is the member with the items. */
export function toListResponse(query: Paging, name: string, items: readonly unknown[], total: number): unknown {
  if (query.include_totals !== true) return items
  const { page, perPage } = resolvePage(query)
  return { start: page * perPage, limit: perPage, length: items.length, total, [name]: items }
}
