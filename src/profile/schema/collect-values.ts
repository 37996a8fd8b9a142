import { appendPointer } from './append-pointer.ts'

/** Adds a value, and every value in it, to `into`: by its JSON Pointer (RFC 6901), which begins with `pointer`. */
export function collectValues(value: unknown, pointer: string, into: Map<string, unknown>): void {
  into.set(pointer, value)
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) collectValues(member, appendPointer(pointer, name), into)
}
