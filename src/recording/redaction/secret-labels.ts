import { listBase64Cores, listSecretForms } from '../../sandbox/wire/secret-forms.ts'

/** A shorter secret is hidden under its name only: searching for it elsewhere would hide much that is not secret. */
export const minSecretLength = 6

/** The label of a placeholder, such as `configuration.API_KEY`, and the value that it replaces. */
export type Secret = readonly [label: string, value: string]

export const formatPlaceholder = (label: string): string => `[redacted:${label}]`

export const sanitizeName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_')

/** The secrets that a redactor knows, and the labels of their placeholders. */
export interface SecretLabels {
  getLabel(value: string): string | undefined
  /** Adds a secret that was found under a name. Values that are too short or known already are ignored. */
  add(name: string, value: string): void
  /** Returns searches for the secrets of now. */
  getSearches(): SecretSearches
}

export interface SecretSearches {
  /** Finds secrets in any encoding except base64. */
  readonly forms: SecretSearch
  /** Finds digits of base64 that encode secrets. */
  readonly cores: SecretSearch
}

export interface SecretSearch {
  /** Undefined if there are no secrets to search for. */
  readonly pattern: RegExp | undefined
  /** Returns the placeholder of a match. */
  readonly hide: (match: string) => string
}

/** The first label of equal secrets is used. */
export function createSecretLabels(knownSecrets: readonly Secret[]): SecretLabels {
  const labels = new Map<string, string>()
  const counts = new Map<string, number>()
  let searches: SecretSearches | undefined

  for (const [label, value] of knownSecrets) if (value !== '' && !labels.has(value)) labels.set(value, label)

  return {
    getLabel: (value) => labels.get(value),
    add(name, value) {
      if (value.length < minSecretLength || labels.has(value) || value.startsWith('[redacted:')) return
      const label = sanitizeName(name)
      const count = (counts.get(label) ?? 0) + 1
      counts.set(label, count)
      labels.set(value, count === 1 ? label : `${label}-${count}`)
      searches = undefined
    },
    getSearches: () => (searches ??= buildSearches(labels)),
  }
}

function buildSearches(labels: ReadonlyMap<string, string>): SecretSearches {
  const secrets = [...labels].filter(([value]) => value.length >= minSecretLength)
  return {
    forms: buildSearch(
      secrets.flatMap(([value, label]) => listSecretForms(value).map((form): Secret => [label, form])),
      'gi',
    ),
    cores: buildSearch(
      secrets.flatMap(([value, label]) => listBase64Cores(value).map(({ digits }): Secret => [label, digits])),
      'g',
    ),
  }
}

function buildSearch(secrets: readonly Secret[], flags: 'g' | 'gi'): SecretSearch {
  const toKey = (text: string): string => (flags === 'gi' ? text.toLowerCase() : text)
  const labelsByKey = new Map<string, string>()
  for (const [label, value] of secrets) if (!labelsByKey.has(toKey(value))) labelsByKey.set(toKey(value), label)
  if (labelsByKey.size === 0) return { pattern: undefined, hide: (match) => match }
  const longestFirst = [...labelsByKey.keys()].toSorted((one, other) => other.length - one.length)
  // Placeholders are matched first, so that nothing within one is replaced.
  const alternatives = ['\\[redacted:[^\\]]*\\]', ...longestFirst.map(escapeRegExp)].join('|')
  return {
    pattern: new RegExp(alternatives, flags),
    hide(match) {
      const label = labelsByKey.get(toKey(match))
      return label === undefined ? match : formatPlaceholder(label)
    },
  }
}

const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
