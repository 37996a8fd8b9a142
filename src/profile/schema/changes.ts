/**
 * One operation of JSON Patch (RFC 6902).
 *
 * @example
 * const change: Change = { op: 'add', path: '/user/roles', value: ['admin'] }
 */
export interface Change {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  /** A JSON Pointer (RFC 6901). */
  path: string
  from?: string
  value?: unknown
}
