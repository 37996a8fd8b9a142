import { indexOfText } from '../../wire/primordials.ts'

/** The first `depth` keys of a path as a JSON Pointer (RFC 6901). */
export function toJsonPointer(path: readonly (string | number)[], depth: number): string {
  let pointer = ''
  for (let index = 0; index < depth; index++) {
    const key = path[index]!
    pointer += typeof key === 'number' ? `/${key}` : `/${escapeKey(key)}`
  }
  return pointer
}

function escapeKey(key: string): string {
  if (indexOfText(key, '~') < 0 && indexOfText(key, '/') < 0) return key
  let token = ''
  for (let index = 0; index < key.length; index++) {
    const char = key[index]!
    token += char === '~' ? '~0' : char === '/' ? '~1' : char
  }
  return token
}
