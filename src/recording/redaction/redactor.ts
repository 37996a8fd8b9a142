import { isSecretName, secretsWithin } from './secret-names.ts'
import { base64Cores, base64Run, writtenForms } from './secret-forms.ts'

/** A shorter value would hide much that is no secret: it is hidden where its name stands, and not looked for elsewhere. */
const minSoughtLength = 6

/** Puts placeholders such as `[redacted:configuration.API_KEY]` in the place of secrets. */
export interface Redactor {
  /** Learns the secrets that stand in a value under names that say so, or in texts that do. */
  learn(value: unknown): void
  /** The same value without secrets, names of members included, but for `words`, which are the format's own. */
  redact<Value>(value: Value): Value
  text(text: string): string
  /** Hides the secrets that it knows, wherever they stand, and takes no name for a sign of another. */
  knownIn(text: string): string
}

/** What a placeholder stands for, such as `configuration.API_KEY`, and the value in its place. */
export type Secret = readonly [what: string, value: string]

export const placeholder = (what: string): string => `[redacted:${what}]`

/** Makes a redactor that knows these secrets, the first of equal ones by its name, and those that it learns. */
export function createRedactor(known: readonly Secret[], words: ReadonlySet<string> = new Set()): Redactor {
  const whatOf = new Map<string, string>()
  const taken = new Map<string, number>()
  let sought: { readonly forms: Sought; readonly cores: Sought } | undefined

  for (const [what, value] of known) if (value !== '' && !whatOf.has(value)) whatOf.set(value, what)

  function learnSecret(name: string, value: string): void {
    if (value.length < minSoughtLength || whatOf.has(value) || value.startsWith('[redacted:')) return
    const what = name.replaceAll(/[^\w.-]/g, '_')
    const count = (taken.get(what) ?? 0) + 1
    taken.set(what, count)
    whatOf.set(value, count === 1 ? what : `${what}-${count}`)
    sought = undefined
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
    const inside = secretsWithin(text)
    for (const found of inside) learnSecret(found.name, found.value)
    for (const found of inside) if (found.name === 'credentials') learnPair(found.value)
    if (isSecretName(name) && inside.length === 0) learnSecret(name, text)
    if (/cookie$/i.test(name)) for (const [, value = ''] of text.matchAll(/=([^;,\s]+)/g)) learnSecret('cookie', value)
  }

  /** `Basic` carries a name and a password. */
  function learnPair(base64: string): void {
    const [, password] = /^[\x20-\x7e]*?:([\x20-\x7e]+)$/.exec(Buffer.from(base64, 'base64').toString('latin1')) ?? []
    if (password !== undefined) learnSecret('password', password)
  }

  function knownIn(given: string): string {
    sought ??= soughtIn(whatOf)
    const { forms, cores } = sought
    return hideRuns(forms.pattern === undefined ? given : given.replaceAll(forms.pattern, forms.hide), cores)
  }

  const text = (given: string): string => knownIn(hideNamed(given, whatOf))

  function redact(value: unknown, name: string): unknown {
    if (typeof value === 'string') return words.has(value) ? value : redactText(value, name)
    if (typeof value === 'number') return redactNumber(value, name)
    if (isHeader(value, name)) return [text(value[0]), redact(value[1], value[0])]
    if (Array.isArray(value)) return value.map((one) => redact(one, name))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).map(([key, member]) => [
      words.has(key) ? key : text(key),
      redact(member, key),
    ])
    return Object.fromEntries(members) as unknown
  }

  function redactText(value: string, name: string): string {
    const isOwnName = isSecretName(name) && value !== '' && !/^\[redacted:[^\]]*\]$/.test(value)
    return isOwnName ? placeholder(whatOf.get(value) ?? plainName(name)) : text(value)
  }

  function redactNumber(value: number, name: string): unknown {
    const digits = String(value)
    const isSought = digits.length >= minSoughtLength || isSecretName(name)
    const what = (isSought ? whatOf.get(digits) : undefined) ?? (isSecretName(name) ? plainName(name) : undefined)
    return what === undefined ? value : placeholder(what)
  }

  return { learn, redact: (value) => redact(value, '') as typeof value, text, knownIn }
}

interface Sought {
  readonly pattern: RegExp | undefined
  readonly hide: (found: string) => string
}

function soughtIn(whatOf: ReadonlyMap<string, string>): { readonly forms: Sought; readonly cores: Sought } {
  const secrets = [...whatOf].filter(([value]) => value.length >= minSoughtLength)
  return {
    forms: seek(
      secrets.flatMap(([value, what]) => writtenForms(value).map((form): Secret => [what, form])),
      'gi',
    ),
    cores: seek(
      secrets.flatMap(([value, what]) => base64Cores(value).map((core): Secret => [what, core])),
      'g',
    ),
  }
}

function seek(secrets: readonly Secret[], flags: 'g' | 'gi'): Sought {
  const key = (text: string): string => (flags === 'gi' ? text.toLowerCase() : text)
  const whats = new Map<string, string>()
  for (const [what, value] of secrets) if (!whats.has(key(value))) whats.set(key(value), what)
  if (whats.size === 0) return { pattern: undefined, hide: (found) => found }
  const longestFirst = [...whats.keys()].toSorted((one, other) => other.length - one.length)
  // What stands within a placeholder already is the name of a secret, not one.
  const alternatives = ['\\[redacted:[^\\]]*\\]', ...longestFirst.map(escaped)].join('|')
  return {
    pattern: new RegExp(alternatives, flags),
    hide(found) {
      const what = whats.get(key(found))
      return what === undefined ? found : placeholder(what)
    },
  }
}

/** Base64 that holds a secret is hidden whole: what is left of it would be of no use, and give part of the secret away. */
function hideRuns(text: string, { pattern, hide }: Sought): string {
  if (pattern === undefined) return text
  let result = ''
  let at = 0
  for (const found of text.matchAll(pattern)) {
    if (found.index < at || found[0].startsWith('[redacted:')) continue
    const [start, end] = base64Run(text, found.index, found.index + found[0].length)
    result += text.slice(at, Math.max(at, start)) + hide(found[0]).replace('[redacted:', '[redacted:base64 of ')
    at = end
  }
  return result + text.slice(at)
}

/** Hides what stands under a secret's name in a text, however short it is. */
function hideNamed(text: string, whatOf: ReadonlyMap<string, string>): string {
  let result = ''
  let at = 0
  for (const { name, value, start, end, isNumber } of secretsWithin(text)) {
    if (start < at || value.includes('[redacted:')) continue
    const instead = placeholder(whatOf.get(value) ?? plainName(name))
    // A number in JSON is followed by nothing that a bare word could be.
    result += text.slice(at, start) + (isNumber ? `"${instead}"` : instead)
    at = end
  }
  return result + text.slice(at)
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
const plainName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_')

/** One of a list of headers: its name, and its value. */
function isHeader(value: unknown, name: string): value is readonly [string, string] {
  return (
    name === 'headers' && Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string')
  )
}
