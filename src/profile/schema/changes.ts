import jsonPatch from 'fast-json-patch'

/** One operation of RFC 6902. */
export interface Change {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  /** A JSON Pointer (RFC 6901). */
  path: string
  from?: string
  value?: unknown
}

/**
 * Lists what turns one value into another, as RFC 6902 operations in the order in which they apply.
 *
 * Both are compared as the JSON they would become: a Date is its ISO text, `undefined` is absent. Neither may hold a
 * cycle. The work grows with the size of the values, never faster, because a rule decides what they hold: array elements
 * are compared place by place.
 */
export function listChanges(before: unknown, after: unknown): Change[] {
  const operations = jsonPatch.compare({ root: toJsonValue(before) }, { root: toJsonValue(after) })
  return operations.map((operation) => ({ ...operation, path: operation.path.slice('/root'.length) }) as Change)
}

/** The value as JSON has it; a profile mostly is plain JSON already, and then it need not be copied. */
function toJsonValue(value: unknown): unknown {
  if (isJson(value)) return value
  const text =
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null'
  return JSON.parse(text) as unknown
}

function isJson(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value !== 'object') return Number.isFinite(value)
  if (Array.isArray(value)) return isJsonList(value)
  return !('toJSON' in value) && Object.values(value).every(isJson)
}

/** A gap in a list is `undefined` to a loop, while `every` would pass over it. */
function isJsonList(list: readonly unknown[]): boolean {
  for (const element of list) if (!isJson(element)) return false
  return true
}
