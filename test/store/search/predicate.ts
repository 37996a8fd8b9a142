import type { User } from '../../../src/profile/user/user.ts'

/** A search as the tests make them up, and no code of the store knows. */
export type TestQuery =
  | { readonly kind: 'and' | 'or'; readonly of: readonly TestQuery[] }
  | { readonly kind: 'not'; readonly of: TestQuery }
  | { readonly kind: 'exists'; readonly field: string }
  | { readonly kind: 'is'; readonly field: string; readonly text: string }
  /** Of literals and wildcards by turns, the first of them a literal. */
  | { readonly kind: 'like'; readonly field: string; readonly pieces: readonly string[]; readonly wildcard: '*' | '?' }
  | { readonly kind: 'range'; readonly field: string; readonly min: End; readonly max: End }

export interface End {
  /** Null is an open end. */
  readonly text: string | null
  readonly inclusive: boolean
}

const escape = (text: string): string => text.replaceAll(/[^\p{L}\p{N}.]/gu, String.raw`\$&`)
const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** The query in Lucene syntax. */
export function write(query: TestQuery): string {
  switch (query.kind) {
    case 'and':
    case 'or':
      return `(${query.of.map(write).join(query.kind === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return `(NOT ${write(query.of)})`
    case 'exists':
      return `_exists_:${escape(query.field)}`
    case 'is':
      return `${escape(query.field)}:${quote(query.text)}`
    case 'like':
      return `${escape(query.field)}:${query.pieces.map(escape).join(query.wildcard)}`
    default: {
      const { min, max } = query
      const ends = `${min.text === null ? '*' : quote(min.text)} TO ${max.text === null ? '*' : quote(max.text)}`
      return `${escape(query.field)}:${min.inclusive ? '[' : '{'}${ends}${max.inclusive ? ']' : '}'}`
    }
  }
}

/** Whether a user is what a query asks for, by looking at the profile and nothing else. */
export function holds(query: TestQuery, user: User): boolean {
  switch (query.kind) {
    case 'and':
      return query.of.every((part) => holds(part, user))
    case 'or':
      return query.of.some((part) => holds(part, user))
    case 'not':
      return !holds(query.of, user)
    case 'exists':
      return valuesAt(user, query.field).some(hasContent)
    case 'is':
      return valuesAt(user, query.field)
        .flatMap(items)
        .some((value) => is(value, query.field, query.text))
    case 'like':
      return valuesAt(user, query.field)
        .flatMap(items)
        .some((value) => like(value, query))
    default:
      if (query.min.text === null && query.max.text === null) return valuesAt(user, query.field).some(hasContent)
      return valuesAt(user, query.field)
        .flatMap(items)
        .some((value) => within(value, query))
  }
}

const foldedFields = /^(?:email|email\.domain|name|given_name|family_name|nickname)$/
const dateFields = /^(?:created_at|updated_at|last_login)$/
const fold = (text: string): string => text.normalize('NFC').toLowerCase()
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

function valuesAt(user: User, field: string): unknown[] {
  if (field === 'email.domain') return user.email?.includes('@') === true ? [user.email.split('@').at(-1)] : []
  let values: unknown[] = [user]
  for (const name of field.split('.')) values = values.flatMap(items).flatMap((value) => member(value, name))
  return values
}

function member(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return []
  return [(value as Record<string, unknown>)[name]]
}

function hasContent(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasContent)
  return value !== null && value !== ''
}

/** Digits stand on both sides of a point: "0." and ".5" are texts, to databases as to JSON, and so is what no double holds. */
function spellsNumber(text: string): boolean {
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
}

function is(value: unknown, field: string, text: string): boolean {
  if (typeof value === 'number') return spellsNumber(text) && Number(text) === value
  if (typeof value === 'boolean') return String(value) === text
  if (typeof value !== 'string' || text === '') return false
  if (dateFields.test(field)) return value.startsWith(text)
  return foldedFields.test(field) ? fold(value) === fold(text) : value === text
}

function like(value: unknown, { field, pieces, wildcard }: Extract<TestQuery, { kind: 'like' }>): boolean {
  if (typeof value !== 'string') return false
  const folds = foldedFields.test(field)
  const sources = pieces.map((piece) =>
    (folds ? fold(piece) : piece).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`),
  )
  return new RegExp(`^${sources.join(wildcard === '*' ? '.*' : '.')}$`, 'su').test(folds ? fold(value) : value)
}

function within(value: unknown, { field, min, max }: Extract<TestQuery, { kind: 'range' }>): boolean {
  const passes = (end: End, order: (text: string) => number) =>
    end.text === null || order(end.text) > 0 || (end.inclusive && order(end.text) === 0)
  if (typeof value === 'number') {
    const spelled = [min, max].every(({ text }) => text === null || spellsNumber(text))
    return spelled && passes(min, (text) => value - Number(text)) && passes(max, (text) => Number(text) - value)
  }
  if (typeof value !== 'string' || value === '') return false
  const subject = foldedFields.test(field) ? fold(value) : value
  const order = (text: string) => {
    // A date that is written short stands for all that it is the beginning of.
    if (dateFields.test(field))
      return Math.sign(Buffer.compare(Buffer.from(subject.slice(0, text.length)), Buffer.from(text)))
    return Buffer.compare(Buffer.from(subject), Buffer.from(foldedFields.test(field) ? fold(text) : text))
  }
  return passes(min, order) && passes(max, (text) => -order(text))
}
