import { fold } from '../sql/users/fold.ts'
import type { Condition, JsonTest, NumberBound, NumberRange, TextTest } from './condition.ts'
import type { Field } from './fields.ts'
import { defaultFields, fieldOf } from './fields.ts'
import type { FieldName, Query } from './parse.ts'
import { periodOf } from './period.ts'
import { invalidQuery } from './refuse.ts'
import type { Bound, Part, Value } from './words.ts'
import { anyText } from './words.ts'

const minLeadingLiterals = 3

/** A range of one kind, or a word that is plain, has wildcards, or asks for any value. */
type Meaning = TextTest & { readonly at: number }

/**
 * Gives each name its place and each value its type.
 *
 * @throws {ClaimsmithError} INVALID_QUERY on what a field cannot be compared with
 */
export function compileQuery(query: Query): Condition {
  if (query.kind === 'not') return { kind: 'not', condition: compileQuery(query.query) }
  if (query.kind !== 'clause') return { kind: query.kind, conditions: query.queries.map(compileQuery) }
  const { field, value } = query
  if (field?.name === '_exists_') return exists(value)
  const meaning = meaningOf(value)
  if (field === undefined) return bare(meaning)
  const place = fieldOf(field)
  if (place.kind === 'json' && place.document === 'user_metadata') refuseOnUserMetadata(value, meaning, field)
  return compare(place, meaning, field)
}

function exists(value: Value): Condition {
  const [name, ...more] = value.kind === 'word' ? value.parts : []
  if (typeof name !== 'string' || more.length > 0) {
    throw invalidQuery('_exists_ takes the name of a field, such as _exists_:app_metadata.plan.', value.at)
  }
  const field = fieldOf({ name, at: value.at })
  return compare(field, { kind: 'exists', at: value.at }, { name, at: value.at })
}

function bare(meaning: Meaning): Condition {
  if (meaning.kind === 'between')
    throw invalidQuery('A range needs a field, such as logins_count:[1 TO 5].', meaning.at)
  if (meaning.kind === 'exists') return { kind: 'all', conditions: [] }
  return {
    kind: 'any',
    conditions: defaultFields.map((field) => compare(field, meaning, { name: '', at: meaning.at })),
  }
}

function compare(field: Field, meaning: Meaning, name: FieldName): Condition {
  switch (field.kind) {
    case 'text':
      return { kind: 'text', column: field.column, test: field.folded ? folded(meaning) : meaning }
    case 'date':
      return { kind: 'text', column: field.column, test: dateTest(meaning, name) }
    case 'flag':
      return { kind: 'flag', column: field.column, value: flagValue(meaning, name) }
    case 'loginsCount':
      return { kind: 'loginsCount', range: countRange(meaning, name) }
    case 'identity':
      return { kind: 'identity', column: field.column, test: meaning }
    case 'identityJson':
      return { kind: 'identityJson', path: field.path, test: jsonTest(meaning) }
    default:
      if (field.path.length === 0 && meaning.kind !== 'exists') {
        throw invalidQuery(`${name.name} needs a path, such as ${name.name}.plan.`, name.at)
      }
      return { kind: 'json', document: field.document, path: field.path, test: jsonTest(meaning) }
  }
}

function refuseOnUserMetadata(value: Value, meaning: Meaning, { name }: FieldName): void {
  if (meaning.kind === 'equals') return
  const what = value.kind === 'range' ? 'Ranges' : 'Wildcards'
  throw invalidQuery(
    `${what} are not searched for in user_metadata: use an exact value, or _exists_:${name}.`,
    value.at,
  )
}

/** A wildcard that is the whole word, and a range without ends, ask for any value. */
function meaningOf(value: Value): Meaning {
  const { at } = value
  if (value.kind === 'range') {
    const { min, max } = value
    return min === undefined && max === undefined ? { kind: 'exists', at } : { kind: 'between', min, max, at }
  }
  const { parts } = value
  const literals = parts.filter((part) => typeof part === 'string')
  if (literals.length === parts.length) return { kind: 'equals', text: literals.join(''), at }
  if (parts.length === 1 && parts[0] === anyText) return { kind: 'exists', at }
  if (typeof parts[0] !== 'string' && literals.join('').length < minLeadingLiterals) {
    const message = `A word that starts with a wildcard needs ${minLeadingLiterals} other characters at least, such as *usa.`
    throw invalidQuery(message, at)
  }
  return { kind: 'matches', parts, at }
}

function folded(test: TextTest): TextTest {
  if (test.kind === 'equals') return { ...test, text: fold(test.text) }
  if (test.kind === 'matches') {
    return { ...test, parts: test.parts.map((part: Part) => (typeof part === 'string' ? fold(part) : part)) }
  }
  if (test.kind === 'exists') return test
  const foldBound = (bound: Bound | undefined) => bound && { ...bound, text: fold(bound.text) }
  return { ...test, min: foldBound(test.min), max: foldBound(test.max) }
}

/** A date names a period: its first moment is the least that an inclusive range takes, its last the most. */
function dateTest(meaning: Meaning, { name }: FieldName): TextTest {
  const period = (text: string) => {
    const found = periodOf(text)
    if (found !== undefined) return found
    throw invalidQuery(`${name} is a date, such as 2026, 2026-06-01 or "2026-06-01T12:00:00Z".`, meaning.at)
  }
  if (meaning.kind === 'exists') return meaning
  if (meaning.kind === 'matches')
    throw invalidQuery(`${name} is a date and takes no wildcard, but a range.`, meaning.at)
  if (meaning.kind === 'equals') {
    const { first, last } = period(meaning.text)
    return { kind: 'between', min: { text: first, inclusive: true }, max: { text: last, inclusive: true } }
  }
  const { min, max } = meaning
  return {
    kind: 'between',
    min: min && { text: period(min.text)[min.inclusive ? 'first' : 'last'], inclusive: min.inclusive },
    max: max && { text: period(max.text)[max.inclusive ? 'last' : 'first'], inclusive: max.inclusive },
  }
}

function flagValue(meaning: Meaning, { name }: FieldName): boolean | undefined {
  if (meaning.kind === 'exists') return undefined
  if (meaning.kind === 'equals' && /^(?:true|false)$/.test(meaning.text)) return meaning.text === 'true'
  throw invalidQuery(`${name} is true or false.`, meaning.at)
}

function countRange(meaning: Meaning, { name }: FieldName): NumberRange {
  if (meaning.kind === 'exists') return { min: undefined, max: undefined }
  const number = meaning.kind === 'equals' ? numberOf(meaning.text) : undefined
  const range =
    meaning.kind === 'between'
      ? numberRange(meaning)
      : number !== undefined && { min: { number, inclusive: true }, max: { number, inclusive: true } }
  if (range) return range
  throw invalidQuery(`${name} is a number, such as 3, or a range, such as [1 TO 5].`, meaning.at)
}

function jsonTest(test: Meaning): JsonTest {
  if (test.kind === 'between') return { ...test, numbers: numberRange(test) }
  if (test.kind !== 'equals') return test
  const { text } = test
  return { kind: 'equals', text, also: text === 'true' || text === 'false' ? text === 'true' : numberOf(text) }
}

function numberRange(range: {
  readonly min: Bound | undefined
  readonly max: Bound | undefined
}): NumberRange | undefined {
  const min = numberBound(range.min)
  const max = numberBound(range.max)
  const allNumbers =
    (range.min === undefined) === (min === undefined) && (range.max === undefined) === (max === undefined)
  return allNumbers ? { min, max } : undefined
}

function numberBound(bound: Bound | undefined): NumberBound | undefined {
  const number = bound && numberOf(bound.text)
  return number === undefined || bound === undefined ? undefined : { number, inclusive: bound.inclusive }
}

function numberOf(text: string): number | undefined {
  const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
