import { createQueryError } from './query-error.ts'

/** A literal part of a word, or a wildcard. */
export type Part = string | typeof anyText | typeof anyCharacter
export const anyText = Symbol('*')
export const anyCharacter = Symbol('?')

/** The value that a field is compared with. */
export type SearchValue =
  | { readonly kind: 'word'; readonly parts: readonly Part[]; readonly at: number }
  | { readonly kind: 'range'; readonly min: Bound | undefined; readonly max: Bound | undefined; readonly at: number }

/** One end of a range; an open end (`*`) is undefined. */
export interface Bound {
  readonly text: string
  readonly isInclusive: boolean
}

export type Token =
  | SearchValue
  | { readonly kind: 'field'; readonly name: string; readonly at: number }
  | { readonly kind: 'AND' | 'OR' | 'NOT' | '+' | '(' | ')'; readonly at: number }

const blank = /\s*/y
const word = /(?:\\.|[^\s()[\]{}":^~/\\])+/suy
const phrase = /"((?:\\.|[^"\\])*)"/suy
const bound = /(?:\\.|[^\s[\]{}"\\])+/suy
const operators: ReadonlyMap<string, 'AND' | 'OR' | 'NOT'> = new Map([
  ['AND', 'AND'],
  ['&&', 'AND'],
  ['OR', 'OR'],
  ['||', 'OR'],
  ['NOT', 'NOT'],
])

/**
 * Splits a search into tokens and resolves escapes.
 *
 * The grammar of `lucene` knows few escapes and none in phrases, reads `-a:1` as a field named `-a`, and has no quoted ends of
 * ranges. So tokens are read here, and `lucene` only parses their structure.
 *
 * @throws {ClaimsmithError} INVALID_QUERY if a token is malformed or not supported.
 */
export function tokenize(q: string): Token[] {
  const tokens: Token[] = []
  let position = skip(q, 0)
  while (position < q.length) {
    const { token, end } = readToken(q, position, tokens.at(-1)?.kind === 'field')
    tokens.push(token)
    position = skip(q, end)
  }
  return tokens
}

interface ReadResult<Result> {
  readonly token: Result
  readonly end: number
}

function readToken(q: string, at: number, isAfterField: boolean): ReadResult<Token> {
  const character = q.charAt(at)
  if (character === '(' || character === ')') return { token: { kind: character, at }, end: at + 1 }
  if (character === '"') return readPhrase(q, at)
  if (character === '[' || character === '{') return readRange(q, at)
  // After a field, a sign is part of the value: level:-5, phone_number:+15550100
  if (!isAfterField && /[-+!]/.test(character)) {
    if (/^[-+!\s)]?$/.test(q.charAt(at + 1))) {
      throw createQueryError(`"${character}" must stand right before the one condition that it is for.`, at)
    }
    return { token: { kind: character === '+' ? '+' : 'NOT', at }, end: at + 1 }
  }
  return readWord(q, at, isAfterField)
}

function readWord(q: string, at: number, isAfterField: boolean): ReadResult<Token> {
  const raw = match(word, q, at)?.[0]
  if (raw === undefined) throw createUnexpectedError(q, at)
  const end = at + raw.length
  if (q.charAt(end) === ':') {
    if (isAfterField) throw createQueryError('A colon inside a value must be written \\: or the value be quoted.', end)
    return { token: { kind: 'field', name: parseFieldName(raw, at), at }, end: end + 1 }
  }
  const operator = operators.get(raw)
  if (operator !== undefined && isAfterField) throw createQueryError(`Quote ${raw} to search for it as a word.`, at)
  if (operator !== undefined) return { token: { kind: operator, at }, end }
  return { token: { kind: 'word', parts: splitParts(raw), at }, end }
}

function readPhrase(q: string, at: number): ReadResult<SearchValue> {
  const phraseMatch = match(phrase, q, at)
  if (phraseMatch === undefined)
    throw createQueryError('A quotation mark is never closed; inside a phrase it is written \\".', at)
  return { token: { kind: 'word', parts: [unescape(phraseMatch[1] ?? '')], at }, end: at + phraseMatch[0].length }
}

/** Both ends may be quoted and may contain unescaped colons, so that times need no escapes. */
function readRange(q: string, at: number): ReadResult<SearchValue> {
  const min = readBound(q, skip(q, at + 1), at)
  const to = skip(q, min.end)
  if (match(bound, q, to)?.[0] !== 'TO') throw createRangeError(at)
  const max = readBound(q, skip(q, to + 2), at)
  const end = skip(q, max.end)
  const close = q.charAt(end)
  if (close !== ']' && close !== '}') throw createRangeError(at)
  const bounds = {
    min: min.token === undefined ? undefined : { text: min.token, isInclusive: q.charAt(at) === '[' },
    max: max.token === undefined ? undefined : { text: max.token, isInclusive: close === ']' },
  }
  return { token: { kind: 'range', ...bounds, at }, end: end + 1 }
}

function readBound(q: string, at: number, rangeAt: number): ReadResult<string | undefined> {
  const phraseMatch = match(phrase, q, at)
  if (phraseMatch !== undefined) return { token: unescape(phraseMatch[1] ?? ''), end: at + phraseMatch[0].length }
  const raw = match(bound, q, at)?.[0]
  if (raw === undefined) throw createRangeError(rangeAt)
  return { token: raw === '*' ? undefined : unescape(raw), end: at + raw.length }
}

function parseFieldName(raw: string, at: number): string {
  if (splitParts(raw).some((part) => typeof part !== 'string')) {
    throw createQueryError('A field name cannot have wildcards; name the field.', at)
  }
  return unescape(raw)
}

function splitParts(raw: string): Part[] {
  if (!/[*?\\]/.test(raw)) return [raw]
  const pieces = raw.match(/\*|\?|(?:\\.|[^*?\\])+/gsu) ?? []
  return pieces.map((piece) => (piece === '*' ? anyText : piece === '?' ? anyCharacter : unescape(piece)))
}

function unescape(raw: string): string {
  return raw.includes('\\') ? raw.replaceAll(/\\(.)/gsu, '$1') : raw
}

function createUnexpectedError(q: string, at: number): Error {
  const character = String.fromCodePoint(q.codePointAt(at) ?? 0)
  const reasons: Readonly<Record<string, string>> = {
    '~': 'Fuzzy and proximity searches (~) are not supported; leave it out, or write \\~ for the character.',
    '^': 'Boosts (^) are not supported: results are not ranked; leave it out, or write \\^ for the character.',
    '/': 'Regular expressions are not supported; write \\/ for a slash, or quote the value.',
    ':': 'A colon stands after a field name; write \\: for the character, or quote the value.',
    '\\': 'A backslash at the end escapes nothing; write \\\\ for the character.',
  }
  return createQueryError(
    reasons[character] ?? `"${character}" has no opening bracket; write \\${character} for the character.`,
    at,
  )
}

function createRangeError(at: number): Error {
  return createQueryError('A range is written [min TO max] or {min TO max}, with * for an open end.', at)
}

function skip(q: string, at: number): number {
  blank.lastIndex = at
  blank.test(q)
  return blank.lastIndex
}

function match(pattern: RegExp, q: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(q) ?? undefined
}
