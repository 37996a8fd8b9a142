import { isArray, keys, push } from './primordials.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Copies a value that `JSON.parse` returned. */
export function clonePlain(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) {
    const items: Json[] = []
    for (let index = 0; index < value.length; index++) push(items, clonePlain(value[index]!))
    return items
  }
  const members = { ...value }
  const names = keys(members)
  for (let index = 0; index < names.length; index++) {
    const member = members[names[index]!]!
    if (typeof member === 'object') members[names[index]!] = clonePlain(member)
  }
  return members
}
