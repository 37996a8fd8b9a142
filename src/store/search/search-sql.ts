import { joinSql, raw, sql, type Sql } from './template.ts'
import type { Condition, JsonDocument, JsonTest, NumberRange, TextTest } from './condition.ts'
import type { Bound, Part } from './tokenize.ts'

/** The parts of a search that each database writes differently. */
export interface SearchDialect {
  /** True until the deadline of the search; after it, the statement fails. */
  readonly deadlineCheck: Sql
  buildMatch(text: Sql, parts: readonly Part[]): Sql
  /** Whether a value at this path of the document column passes the test. An array matches if one of its elements does. */
  buildJsonTest(document: string, path: readonly string[], test: JsonTest): Sql
  /** A filter by an index: true for every user whose metadata has this value, and for few others. Undefined if no index fits. */
  buildIndexFilter(document: JsonDocument, path: readonly string[], test: JsonTest): Sql | undefined
  /** Whether the database may estimate a rare value in metadata as a common one. */
  readonly hasPoorMetadataEstimates: boolean
  /** The sort keys of an attribute without a column: its number, and its text. */
  buildSortKeys(attribute: string): readonly [Sql, Sql]
}

/**
 * The SQL condition on a row of `users`.
 *
 * A comparison with NULL is NULL, which counts as false. `and` and `or` propagate it correctly; `is not true` turns it into true.
 */
export function buildWhere(condition: Condition, dialect: SearchDialect): Sql {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const parts = condition.conditions.map((part) => sql`(${buildWhere(part, dialect)})`)
      if (parts.length === 0) return sql`1 = 1`
      return joinSql(parts, condition.kind === 'all' ? ' and ' : ' or ')
    }
    case 'not':
      return sql`(${buildWhere(condition.condition, dialect)}) is not true`
    case 'text':
      return buildTextTest(raw(`users.${condition.column}`), condition.test, dialect)
    case 'flag': {
      const column = raw(`users.${condition.column}`)
      return condition.value === undefined ? sql`${column} is not null` : sql`${column} = ${condition.value}`
    }
    case 'loginsCount':
      // 0 means that the user never logged in; the profile has no count then.
      return sql`users.logins_count > 0 and ${buildNumberRange(sql`users.logins_count`, condition.range, writeNumber)}`
    case 'identity': {
      const test = buildTextTest(raw(`identities.${condition.column}`), condition.test, dialect)
      return sql`users.user_id in (select identities.user_id from identities where ${test})`
    }
    case 'identityJson': {
      const test = dialect.buildJsonTest('identities.document', condition.path, condition.test)
      return sql`users.user_id in (select identities.user_id from identities where ${test})`
    }
    default: {
      const { document, path, test } = condition
      const exact = dialect.buildJsonTest(`users.${document}`, path, test)
      const candidates = dialect.buildIndexFilter(document, path, test)
      return candidates === undefined ? exact : sql`${candidates} and ${exact}`
    }
  }
}

function buildTextTest(column: Sql, test: TextTest, dialect: SearchDialect): Sql {
  switch (test.kind) {
    case 'equals':
      // An empty text counts as absent, so nothing equals it.
      return test.text === '' ? sql`1 = 0` : sql`${column} = ${test.text}`
    case 'matches':
      return dialect.buildMatch(column, test.parts)
    case 'between':
      return buildRange(column, test.min ?? { text: '', isInclusive: false }, test.max)
    default:
      return sql`${column} <> ''`
  }
}

/** The condition of a range of text, of a column or inside JSON. */
export function buildRange(text: Sql, min: Bound | undefined, max: Bound | undefined): Sql {
  const parts: Sql[] = []
  if (min !== undefined) parts.push(min.isInclusive ? sql`${text} >= ${min.text}` : sql`${text} > ${min.text}`)
  if (max !== undefined) parts.push(max.isInclusive ? sql`${text} <= ${max.text}` : sql`${text} < ${max.text}`)
  return joinSql(parts, ' and ')
}

/** PostgreSQL would read a bare parameter as an integer, like the column, and reject fractions. */
function writeNumber(number: number): Sql {
  return sql`cast(${String(number)} as numeric)`
}

/** The condition of a range of numbers, of a column or inside JSON. */
export function buildNumberRange(
  number: Sql,
  { min, max }: NumberRange,
  write: (number: number) => Sql = (value) => sql`${value}`,
): Sql {
  const parts: Sql[] = [sql`1 = 1`]
  if (min !== undefined)
    parts.push(min.isInclusive ? sql`${number} >= ${write(min.number)}` : sql`${number} > ${write(min.number)}`)
  if (max !== undefined)
    parts.push(max.isInclusive ? sql`${number} <= ${write(max.number)}` : sql`${number} < ${write(max.number)}`)
  return joinSql(parts, ' and ')
}
