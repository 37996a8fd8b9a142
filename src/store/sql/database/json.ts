/** Reads a JSON document from a row: SQLite returns it as text, PostgreSQL as a value. */
export function readJson(document: unknown): unknown {
  return typeof document === 'string' ? (JSON.parse(document) as unknown) : document
}
