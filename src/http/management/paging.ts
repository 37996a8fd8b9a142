/** Which page of a list, and in which form. */
export interface Paging {
  /** From 0. */
  readonly page?: number
  readonly per_page?: number
  /** `{ start, limit, length, total, … }` instead of the bare array. */
  readonly include_totals?: boolean
}

/** The query parameters of a page. */
export const paging = {
  page: { type: 'integer', minimum: 0, maximum: 1_000_000 },
  per_page: { type: 'integer', minimum: 0, maximum: 100 },
  include_totals: { type: 'boolean' },
} as const

export function resolvePage({ page = 0, per_page: perPage = 50 }: Paging): {
  readonly page: number
  readonly perPage: number
} {
  return { page, perPage }
}

/** The list as the caller wants it; `name` is what Auth0 calls its items. */
export function toListResponse(query: Paging, name: string, items: readonly unknown[], total: number): unknown {
  if (query.include_totals !== true) return items
  const { page, perPage } = resolvePage(query)
  return { start: page * perPage, limit: perPage, length: items.length, total, [name]: items }
}
