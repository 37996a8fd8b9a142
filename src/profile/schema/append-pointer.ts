/** Appends a name to a JSON Pointer, and escapes it (RFC 6901). */
export function appendPointer(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
