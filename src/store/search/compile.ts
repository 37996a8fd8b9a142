import { normalizeIdentifier } from '../sql/users/normalize-identifier.ts'
import type { Condition, JsonTest, NumberBound, NumberRange, TextTest } from './condition.ts'
import type { Field } from './fields.ts'
import { defaultFields, resolveField } from './fields.ts'
import type { FieldName, Query } from './parse-query.ts'
import { parsePeriod } from './period.ts'
import { createQueryError } from './query-error.ts'
import type { Bound, Part, SearchValue } from './tokenize.ts'
import { anyText } from './tokenize.ts'

const minLeadingLiterals = 3

/** A test of a value: a range, a plain word, a word with wildcards, or whether there is a value. */
type ValueTest = TextTest & { readonly at: number }

/**
 * Resolves the fields of a search and gives each value the type of its field.
 *
 * @throws {ClaimsmithError} INVALID_QUERY if a field is unknown or cannot be compared with its value.
 */
export function compileQuery(query: Query): Condition {
  if (query.kind === 'not') return { kind: 'not', condition: compileQuery(query.query) }
  if (query.kind !== 'clause') return { kind: query.kind, conditions: query.queries.map(compileQuery) }
  const { field, value } = query
  if (field?.name === '_exists_') return buildExists(value)
  const valueTest = toValueTest(value)
  if (field === undefined) return buildBareTerm(valueTest)
  const target = resolveField(field)
  if (target.kind === 'json' && target.document === 'user_metadata') checkUserMetadataTest(value, valueTest, field)
  return compare(target, valueTest, field)
}

function buildExists(value: SearchValue): Condition {
  const [name, ...more] = value.kind === 'word' ? value.parts : []
  if (typeof name !== 'string' || more.length > 0) {
    throw createQueryError('_exists_ takes the name of a field, such as _exists_:app_metadata.plan.', value.at)
  }
  const field = resolveField({ name, at: value.at })
  return compare(field, { kind: 'exists', at: value.at }, { name, at: value.at })
}

function buildBareTerm(valueTest: ValueTest): Condition {
  if (valueTest.kind === 'between')
    throw createQueryError('A range needs a field, such as logins_count:[1 TO 5].', valueTest.at)
  if (valueTest.kind === 'exists') return { kind: 'all', conditions: [] }
  return {
    kind: 'any',
    conditions: defaultFields.map((field) => compare(field, valueTest, { name: '', at: valueTest.at })),
  }
}

function compare(field: Field, valueTest: ValueTest, name: FieldName): Condition {
  switch (field.kind) {
    case 'text':
      return { kind: 'text', column: field.column, test: field.isNormalized ? normalizeTest(valueTest) : valueTest }
    case 'date':
      return { kind: 'text', column: field.column, test: toDateTest(valueTest, name) }
    case 'flag':
      return { kind: 'flag', column: field.column, value: toFlagValue(valueTest, name) }
    case 'loginsCount':
      return { kind: 'loginsCount', range: toCountRange(valueTest, name) }
    case 'identity':
      return { kind: 'identity', column: field.column, test: valueTest }
    case 'identityJson':
      return { kind: 'identityJson', path: field.path, test: toJsonTest(valueTest) }
    default:
      if (field.path.length === 0 && valueTest.kind !== 'exists') {
        throw createQueryError(`${name.name} needs a path, such as ${name.name}.plan.`, name.at)
      }
      return { kind: 'json', document: field.document, path: field.path, test: toJsonTest(valueTest) }
  }
}

function checkUserMetadataTest(value: SearchValue, valueTest: ValueTest, { name }: FieldName): void {
  if (valueTest.kind === 'equals') return
  const unsupportedTest = value.kind === 'range' ? 'Ranges' : 'Wildcards'
  throw createQueryError(
    `${unsupportedTest} are not supported in user_metadata: use an exact value, or _exists_:${name}.`,
    value.at,
  )
}

/** A word `*` and the range `[* TO *]` test whether there is a value. */
function toValueTest(value: SearchValue): ValueTest {
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
    throw createQueryError(message, at)
  }
  return { kind: 'matches', parts, at }
}

function normalizeTest(test: TextTest): TextTest {
  if (test.kind === 'equals') return { ...test, text: normalizeIdentifier(test.text) }
  if (test.kind === 'matches') {
    return {
      ...test,
      parts: test.parts.map((part: Part) => (typeof part === 'string' ? normalizeIdentifier(part) : part)),
    }
  }
  if (test.kind === 'exists') return test
  const normalizeBound = (bound: Bound | undefined) => bound && { ...bound, text: normalizeIdentifier(bound.text) }
  return { ...test, min: normalizeBound(test.min), max: normalizeBound(test.max) }
}

/** A date means a period. An inclusive range starts with the first moment of its minimum and ends with the last of its maximum. */
function toDateTest(valueTest: ValueTest, { name }: FieldName): TextTest {
  const readPeriod = (text: string) => {
    const period = parsePeriod(text)
    if (period !== undefined) return period
    throw createQueryError(`${name} is a date, such as 2026, 2026-06-01 or "2026-06-01T12:00:00Z".`, valueTest.at)
  }
  if (valueTest.kind === 'exists') return valueTest
  if (valueTest.kind === 'matches')
    throw createQueryError(`${name} is a date and takes no wildcard, but a range.`, valueTest.at)
  if (valueTest.kind === 'equals') {
    const { first, last } = readPeriod(valueTest.text)
    return { kind: 'between', min: { text: first, isInclusive: true }, max: { text: last, isInclusive: true } }
  }
  const { min, max } = valueTest
  return {
    kind: 'between',
    min: min && { text: readPeriod(min.text)[min.isInclusive ? 'first' : 'last'], isInclusive: min.isInclusive },
    max: max && { text: readPeriod(max.text)[max.isInclusive ? 'last' : 'first'], isInclusive: max.isInclusive },
  }
}

function toFlagValue(valueTest: ValueTest, { name }: FieldName): boolean | undefined {
  if (valueTest.kind === 'exists') return undefined
  if (valueTest.kind === 'equals' && /^(?:true|false)$/.test(valueTest.text)) return valueTest.text === 'true'
  throw createQueryError(`${name} is true or false.`, valueTest.at)
}

function toCountRange(valueTest: ValueTest, { name }: FieldName): NumberRange {
  if (valueTest.kind === 'exists') return { min: undefined, max: undefined }
  const number = valueTest.kind === 'equals' ? parseNumber(valueTest.text) : undefined
  const range =
    valueTest.kind === 'between'
      ? toNumberRange(valueTest)
      : number !== undefined && { min: { number, isInclusive: true }, max: { number, isInclusive: true } }
  if (range) return range
  throw createQueryError(`${name} is a number, such as 3, or a range, such as [1 TO 5].`, valueTest.at)
}

function toJsonTest(test: ValueTest): JsonTest {
  if (test.kind === 'between') return { ...test, numbers: toNumberRange(test) }
  if (test.kind !== 'equals') return test
  const { text } = test
  return { kind: 'equals', text, typedValue: text === 'true' || text === 'false' ? text === 'true' : parseNumber(text) }
}

function toNumberRange(range: {
  readonly min: Bound | undefined
  readonly max: Bound | undefined
}): NumberRange | undefined {
  const min = toNumberBound(range.min)
  const max = toNumberBound(range.max)
  const isNumeric =
    (range.min === undefined) === (min === undefined) && (range.max === undefined) === (max === undefined)
  return isNumeric ? { min, max } : undefined
}

function toNumberBound(bound: Bound | undefined): NumberBound | undefined {
  const number = bound && parseNumber(bound.text)
  return number === undefined || bound === undefined ? undefined : { number, isInclusive: bound.isInclusive }
}

function parseNumber(text: string): number | undefined {
  const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
