import { isDeepStrictEqual } from 'node:util'

/** Shorter texts are parts of many others by chance. */
const minTextLength = 3
const maxSources = 5

/**
 * Finds the paths of a login that a rule may have made a value from. If some hold an equal value, they are returned.
 * Otherwise those are returned whose text is part of it.
 */
export function findSources(value: unknown, login: object, ownKeys: readonly string[]): string[] {
  if (!isDistinctive(value)) return []
  const [equal, partial]: [string[], string[]] = [[], []]
  const ownPath = ownKeys.join('.')
  for (const [path, one] of listPaths(login, [])) {
    if (path === ownPath || path.startsWith(`${ownPath}.`) || !isDistinctive(one)) continue
    if (isDeepStrictEqual(one, value)) equal.push(path)
    else if (isPartOf(one, value)) partial.push(path)
  }
  return [...(equal.length > 0 ? equal : partial)].slice(0, maxSources)
}

function isPartOf(part: unknown, value: unknown): boolean {
  return typeof part === 'string' && listTexts(value).some((text) => text.includes(part))
}

function listTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listTexts) : []
}

/** Whether an equal value hints at a source: many values are `true`, 0 or empty. */
function isDistinctive(value: unknown): boolean {
  if (typeof value === 'string') return value.length >= minTextLength
  if (typeof value === 'number') return Math.abs(value) > 9
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function listPaths(value: unknown, path: readonly string[]): [path: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]]
  const members = Object.entries(value).flatMap(([name, member]) => listPaths(member, [...path, name]))
  return path.length < 2 ? members : [[path.join('.'), value], ...members]
}
