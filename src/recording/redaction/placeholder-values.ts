import { type Secret, formatPlaceholder } from './redactor.ts'

const placeholderPattern = /\[redacted:([^\]]+)\]/g

/** What rules see in the place of secrets while a recording runs again. */
export interface PlaceholderValues {
  /** The same value with stand-ins for placeholders. */
  fill<Value>(value: Value): Value
  /** Each stand-in, for a redactor that makes placeholders of them again. */
  readonly secrets: readonly Secret[]
}

/** `given` are secrets that are known, by what their placeholders call them; the others get a word that may also be part of a URL. */
export function createPlaceholderValues(
  recording: unknown,
  knownSecrets: ReadonlyMap<string, string>,
): PlaceholderValues {
  const values = new Map<string, string>()

  function resolveValue(label: string): string {
    const value =
      values.get(label) ?? knownSecrets.get(label) ?? `redacted-${label.replaceAll(/[^\w.-]/g, '_')}-redacted`
    values.set(label, value)
    return value
  }

  function fill(value: unknown): unknown {
    if (typeof value === 'string')
      return value.replaceAll(placeholderPattern, (_, label: string) => resolveValue(label))
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [fill(name) as string, fill(member)]),
    ) as unknown
  }

  fill(recording)
  for (const label of knownSecrets.keys()) resolveValue(label)
  return { fill: (value) => fill(value) as typeof value, secrets: [...values] }
}

/** Of one secret after another only the names differ by number: a run that meets them in another order means the same. */
export function stripNumbers(text: string): string {
  return text.replaceAll(placeholderPattern, (_, label: string) => formatPlaceholder(label.replace(/-\d+$/, '')))
}
