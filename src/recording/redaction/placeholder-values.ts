import { type Secret, formatPlaceholder, sanitizeName } from './secret-labels.ts'

const placeholderPattern = /\[redacted:([^\]]+)\]/g

/** The values that rules see instead of placeholders during a replay. */
export interface PlaceholderValues {
  /** Returns the same value with its placeholders replaced. */
  fill<Value>(value: Value): Value
  /** The values, for a redactor that replaces them by placeholders again. */
  readonly secrets: readonly Secret[]
}

/**
 * Creates values for the placeholders of a recording. `knownSecrets` has values by the label of their placeholder. Every
 * other value is a word that may also be part of a URL.
 */
export function createPlaceholderValues(
  recording: unknown,
  knownSecrets: ReadonlyMap<string, string>,
): PlaceholderValues {
  const values = new Map<string, string>()

  function resolveValue(label: string): string {
    const value = values.get(label) ?? knownSecrets.get(label) ?? `redacted-${sanitizeName(label)}-redacted`
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

/**
 * Removes the numbers of placeholders. Labels of secrets with the same name are numbered in the order in which they are
 * learned, and another run may learn them in another order.
 */
export function stripNumbers(text: string): string {
  return text.replaceAll(placeholderPattern, (_, label: string) => formatPlaceholder(label.replace(/-\d+$/, '')))
}
