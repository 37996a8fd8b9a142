import { isSecretName, findSecrets } from './secret-names.ts'
import { listBase64Cores, findBase64Run, listSecretForms } from './secret-forms.ts'

/** A shorter secret is hidden under its name only: searching for it elsewhere would hide much that is not secret. */
const minSecretLength = 6

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

/** The label of a placeholder, such as `configuration.API_KEY`, and the value that it replaces. */
export type Secret = readonly [label: string, value: string]

export const formatPlaceholder = (label: string): string => `[redacted:${label}]`

/**
 * Creates a redactor of known secrets, and of those that it learns. The first label of equal secrets is used. `words` are
 * names and values that are never hidden.
 */
export function createRedactor(knownSecrets: readonly Secret[], words: ReadonlySet<string> = new Set()): Redactor {
  const labels = new Map<string, string>()
  const counts = new Map<string, number>()
  let searches: { readonly forms: SecretSearch; readonly cores: SecretSearch } | undefined

  for (const [label, value] of knownSecrets) if (value !== '' && !labels.has(value)) labels.set(value, label)

  function learnSecret(name: string, value: string): void {
    if (value.length < minSecretLength || labels.has(value) || value.startsWith('[redacted:')) return
    const label = name.replaceAll(/[^\w.-]/g, '_')
    const count = (counts.get(label) ?? 0) + 1
    counts.set(label, count)
    labels.set(value, count === 1 ? label : `${label}-${count}`)
    searches = undefined
  }

  function learn(value: unknown, name = ''): void {
    if (typeof value === 'string') learnText(value, name)
    else if (typeof value === 'number' && isSecretName(name)) learnSecret(name, String(value))
    else if (isHeader(value, name)) learn(value[1], value[0])
    else if (Array.isArray(value)) for (const one of value) learn(one, name)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) learn(member, key)
    }
  }

  function learnText(text: string, name: string): void {
    const matches = findSecrets(text)
    for (const match of matches) learnSecret(match.name, match.value)
    for (const match of matches) if (match.name === 'credentials') learnCredentials(match.value)
    if (isSecretName(name) && matches.length === 0) learnSecret(name, text)
    if (/cookie$/i.test(name)) for (const [, value = ''] of text.matchAll(/=([^;,\s]+)/g)) learnSecret('cookie', value)
  }

  /** Credentials of `Basic` are a name and a password. */
  function learnCredentials(base64: string): void {
    const [, password] = /^[\x20-\x7e]*?:([\x20-\x7e]+)$/.exec(Buffer.from(base64, 'base64').toString('latin1')) ?? []
    if (password !== undefined) learnSecret('password', password)
  }

  function redactKnown(text: string): string {
    searches ??= buildSearches(labels)
    const { forms, cores } = searches
    return redactBase64Runs(forms.pattern === undefined ? text : text.replaceAll(forms.pattern, forms.hide), cores)
  }

  const redactText = (text: string): string => redactKnown(redactNamed(text, labels))

  function redact(value: unknown, name: string): unknown {
    if (typeof value === 'string') return words.has(value) ? value : redactString(value, name)
    if (typeof value === 'number') return redactNumber(value, name)
    if (isHeader(value, name)) return [redactText(value[0]), redact(value[1], value[0])]
    if (Array.isArray(value)) return value.map((one) => redact(one, name))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).map(([key, member]) => [
      words.has(key) ? key : redactText(key),
      redact(member, key),
    ])
    return Object.fromEntries(members) as unknown
  }

  function redactString(value: string, name: string): string {
    const isSecret = isSecretName(name) && value !== '' && !/^\[redacted:[^\]]*\]$/.test(value)
    return isSecret ? formatPlaceholder(labels.get(value) ?? sanitizeName(name)) : redactText(value)
  }

  function redactNumber(value: number, name: string): unknown {
    const digits = String(value)
    const isSearched = digits.length >= minSecretLength || isSecretName(name)
    const label = (isSearched ? labels.get(digits) : undefined) ?? (isSecretName(name) ? sanitizeName(name) : undefined)
    return label === undefined ? value : formatPlaceholder(label)
  }

  return { learn, redact: (value) => redact(value, '') as typeof value, redactText, redactKnown }
}

interface SecretSearch {
  readonly pattern: RegExp | undefined
  readonly hide: (match: string) => string
}

function buildSearches(labels: ReadonlyMap<string, string>): {
  readonly forms: SecretSearch
  readonly cores: SecretSearch
} {
  const secrets = [...labels].filter(([value]) => value.length >= minSecretLength)
  return {
    forms: buildSearch(
      secrets.flatMap(([value, label]) => listSecretForms(value).map((form): Secret => [label, form])),
      'gi',
    ),
    cores: buildSearch(
      secrets.flatMap(([value, label]) => listBase64Cores(value).map((core): Secret => [label, core])),
      'g',
    ),
  }
}

function buildSearch(secrets: readonly Secret[], flags: 'g' | 'gi'): SecretSearch {
  const key = (text: string): string => (flags === 'gi' ? text.toLowerCase() : text)
  const labelsByKey = new Map<string, string>()
  for (const [label, value] of secrets) if (!labelsByKey.has(key(value))) labelsByKey.set(key(value), label)
  if (labelsByKey.size === 0) return { pattern: undefined, hide: (match) => match }
  const longestFirst = [...labelsByKey.keys()].toSorted((one, other) => other.length - one.length)
  // Placeholders are matched first, so that nothing within one is replaced.
  const alternatives = ['\\[redacted:[^\\]]*\\]', ...longestFirst.map(escapeRegExp)].join('|')
  return {
    pattern: new RegExp(alternatives, flags),
    hide(match) {
      const label = labelsByKey.get(key(match))
      return label === undefined ? match : formatPlaceholder(label)
    },
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
function redactNamed(text: string, labels: ReadonlyMap<string, string>): string {
  let result = ''
  let position = 0
  for (const { name, value, start, end, isNumber } of findSecrets(text)) {
    if (start < position || value.includes('[redacted:')) continue
    const replacement = formatPlaceholder(labels.get(value) ?? sanitizeName(name))
    // The placeholder of a number in JSON is quoted, so that the text stays JSON.
    result += text.slice(position, start) + (isNumber ? `"${replacement}"` : replacement)
    position = end
  }
  return result + text.slice(position)
}

const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
const sanitizeName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_')

/** Whether a value is one pair of a list of headers. */
function isHeader(value: unknown, name: string): value is readonly [string, string] {
  return (
    name === 'headers' && Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string')
  )
}
