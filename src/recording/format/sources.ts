import { isDeepStrictEqual } from 'node:util'

/** A shorter text stands in too many others by chance. */
const minTextLength = 3
const maxSources = 5

/** The places of a login that hold a value, or of whose text it is made, the likeliest first; empty where nothing can be told. */
export function sourcesOf(value: unknown, login: object, own: readonly string[]): string[] {
  if (!isTelling(value)) return []
  const [equal, within]: [string[], string[]] = [[], []]
  const ownPlace = own.join('.')
  for (const [place, one] of placesOf(login, [])) {
    if (place === ownPlace || place.startsWith(`${ownPlace}.`) || !isTelling(one)) continue
    if (isDeepStrictEqual(one, value)) equal.push(place)
    else if (isPartOf(one, value)) within.push(place)
  }
  return [...(equal.length > 0 ? equal : within)].slice(0, maxSources)
}

function isPartOf(part: unknown, value: unknown): boolean {
  return typeof part === 'string' && textsOf(value).some((text) => text.includes(part))
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** Whether equal values mean anything: many things are `true`, 0 or empty. */
function isTelling(value: unknown): boolean {
  if (typeof value === 'string') return value.length >= minTextLength
  if (typeof value === 'number') return Math.abs(value) > 9
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function placesOf(value: unknown, path: readonly string[]): [place: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]]
  const members = Object.entries(value).flatMap(([name, member]) => placesOf(member, [...path, name]))
  return path.length < 2 ? members : [[path.join('.'), value], ...members]
}
