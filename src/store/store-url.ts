/** Where a store keeps its data. */
export type StoreLocation =
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres' }
  | { readonly kind: 'sqlite'; readonly path: string }

/** The forms of a store URL that outlives its process, for error messages. */
export const lastingStoreUrlForms = 'sqlite:<path> or postgres://<user>:<password>@<host>/<database>'

/** The forms of a store URL, for error messages. */
export const storeUrlForms: string = `memory:, ${lastingStoreUrlForms}`

/** Parses a store URL; undefined if it has none of the forms. This file imports nothing, so that it loads at once. */
export function parseStoreUrl(url: string): StoreLocation | undefined {
  if (url === 'memory:') return { kind: 'memory' }
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: 'postgres' }
  const [, path] = /^sqlite:(?!\/\/[^/])(.+)$/.exec(url) ?? []
  return path === undefined ? undefined : { kind: 'sqlite', path }
}
