import { randomBytes } from 'node:crypto'

/** A new id: the prefix, `_` and 16 hexadecimal digits, such as `rol_0123456789abcdef`. */
export function generateId(prefix: 'con' | 'job' | 'rol' | 'rul'): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`
}
