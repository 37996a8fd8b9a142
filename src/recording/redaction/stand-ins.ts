import { type Secret, placeholder } from './redactor.ts'

const placeholders = /\[redacted:([^\]]+)\]/g

/** What rules see in the place of secrets while a recording runs again. */
export interface StandIns {
  /** The same value with stand-ins for placeholders. */
  fill<Value>(value: Value): Value
  /** Each stand-in, for a redactor that makes placeholders of them again. */
  readonly secrets: readonly Secret[]
}

/** `given` are secrets that are known, by what their placeholders call them; the others get a word that may also be part of a URL. */
export function createStandIns(recording: unknown, given: ReadonlyMap<string, string>): StandIns {
  const values = new Map<string, string>()

  function valueOf(what: string): string {
    const known = values.get(what) ?? given.get(what) ?? `redacted-${what.replaceAll(/[^\w.-]/g, '_')}-redacted`
    values.set(what, known)
    return known
  }

  function fill(value: unknown): unknown {
    if (typeof value === 'string') return value.replaceAll(placeholders, (_, what: string) => valueOf(what))
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [fill(name) as string, fill(member)]),
    ) as unknown
  }

  fill(recording)
  for (const what of given.keys()) valueOf(what)
  return { fill: (value) => fill(value) as typeof value, secrets: [...values] }
}

/** Of one secret after another only the names differ by number: a run that meets them in another order means the same. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(placeholders, (_, what: string) => placeholder(what.replace(/-\d+$/, '')))
}
