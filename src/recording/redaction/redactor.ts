import { isHeader, learnSecrets } from './learn-secrets.ts'
import { findBase64Run } from '../../sandbox/wire/secret-forms.ts'
import {
  type Secret,
  type SecretLabels,
  type SecretSearch,
  createSecretLabels,
  formatPlaceholder,
  minSecretLength,
  sanitizeName,
} from './secret-labels.ts'
import { findSecrets, isSecretName } from './secret-names.ts'

/** Replaces secrets by placeholders such as `[redacted:configuration.API_KEY]`. */
export interface Redactor {
  /** Learns the secrets of a value: those whose names reveal them, and those in texts that do. */
  learn(value: unknown): void
  /** Returns the same value with its secrets replaced, also in names of members. `words` are kept. */
  redact<Value>(value: Value): Value
  redactText(text: string): string
  /** Replaces the learned secrets only: names reveal no others. */
  redactKnown(text: string): string
}

/**
 * Creates a redactor of known secrets, and of those that it learns. The first label of equal secrets is used. `words` are
 * names and values that are never hidden.
 */
export function createRedactor(knownSecrets: readonly Secret[], words: ReadonlySet<string> = new Set()): Redactor {
  const labels = createSecretLabels(knownSecrets)

  function redactKnown(text: string): string {
    const { forms, cores } = labels.getSearches()
    return redactBase64Runs(forms.pattern === undefined ? text : text.replaceAll(forms.pattern, forms.hide), cores)
  }

  const redactText = (text: string): string => redactKnown(redactNamed(text, labels))

  function redact(value: unknown, name: string): unknown {
    if (typeof value === 'string') return words.has(value) ? value : redactString(value, name)
    if (typeof value === 'number') return redactNumber(value, name)
    if (isHeader(value, name)) return [redactText(value[0]), redact(value[1], value[0])]
    if (Array.isArray(value)) return value.map((item) => redact(item, name))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).map(([key, member]) => [
      words.has(key) ? key : redactText(key),
      redact(member, key),
    ])
    return Object.fromEntries(members) as unknown
  }

  function redactString(value: string, name: string): string {
    const isSecret = isSecretName(name) && value !== '' && !/^\[redacted:[^\]]*\]$/.test(value)
    return isSecret ? formatPlaceholder(labels.getLabel(value) ?? sanitizeName(name)) : redactText(value)
  }

  function redactNumber(value: number, name: string): unknown {
    const digits = String(value)
    const isSearched = digits.length >= minSecretLength || isSecretName(name)
    const label =
      (isSearched ? labels.getLabel(digits) : undefined) ?? (isSecretName(name) ? sanitizeName(name) : undefined)
    return label === undefined ? value : formatPlaceholder(label)
  }

  return {
    learn: (value) => learnSecrets(labels, value),
    redact: (value) => redact(value, '') as typeof value,
    redactText,
    redactKnown,
  }
}

/** Hides the whole run of base64 around a secret: the rest would reveal part of the secret. */
function redactBase64Runs(text: string, { pattern, hide }: SecretSearch): string {
  if (pattern === undefined) return text
  let result = ''
  let position = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index < position || match[0].startsWith('[redacted:')) continue
    const [start, end] = findBase64Run(text, match.index, match.index + match[0].length)
    result +=
      text.slice(position, Math.max(position, start)) + hide(match[0]).replace('[redacted:', '[redacted:base64 of ')
    position = end
  }
  return result + text.slice(position)
}

/** Hides the values in a text whose names reveal them, however short they are. */
function redactNamed(text: string, labels: SecretLabels): string {
  let result = ''
  let position = 0
  for (const { name, value, start, end, isNumber } of findSecrets(text)) {
    if (start < position || value.includes('[redacted:')) continue
    const replacement = formatPlaceholder(labels.getLabel(value) ?? sanitizeName(name))
    // The placeholder of a number in JSON is quoted, so that the text stays JSON.
    result += text.slice(position, start) + (isNumber ? `"${replacement}"` : replacement)
    position = end
  }
  return result + text.slice(position)
}
