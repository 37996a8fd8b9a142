/** A JSON document as the database returns it: SQLite as text, PostgreSQL as a value. */
export function readJson(document: unknown): unknown {
  return typeof document === 'string' ? (JSON.parse(document) as unknown) : document
}
