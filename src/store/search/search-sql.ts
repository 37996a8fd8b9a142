import { join, raw, sql, type Sql } from './template.ts'
import type { Condition, JsonDocument, JsonTest, NumberRange, TextTest } from './condition.ts'
import type { Bound, Part } from './words.ts'

/** What searching needs of a database beyond plain comparisons. */
export interface SearchSql {
  /** True, until the deadline of the search has passed; then the statement fails. */
  readonly beforeDeadline: Sql
  matches(text: Sql, parts: readonly Part[]): Sql
  /** Whether a value at this path of the document, a column, passes; arrays stand for each of their elements. */
  json(document: string, path: readonly string[], test: JsonTest): Sql
  /** True for every user whose metadata has this value, and for few others: from an index. Undefined when there is none for it. */
  mayHave(document: JsonDocument, path: readonly string[], test: JsonTest): Sql | undefined
  /** Whether the database may take a rare value in metadata for a common one. */
  readonly misjudgesMetadata: boolean
  /** What users are sorted by for an attribute that has no column: its number, and its text. */
  sortKeys(attribute: string): readonly [Sql, Sql]
}

/**
 * The condition on a row of `users`.
 *
 * A comparison with NULL is NULL, which counts as false: `all` and `any` pass it on rightly, and `not` ends it.
 */
export function whereSql(condition: Condition, database: SearchSql): Sql {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const parts = condition.conditions.map((part) => sql`(${whereSql(part, database)})`)
      if (parts.length === 0) return sql`1 = 1`
      return join(parts, condition.kind === 'all' ? ' and ' : ' or ')
    }
    case 'not':
      return sql`(${whereSql(condition.condition, database)}) is not true`
    case 'text':
      return textSql(raw(`users.${condition.column}`), condition.test, database)
    case 'flag': {
      const column = raw(`users.${condition.column}`)
      return condition.value === undefined ? sql`${column} is not null` : sql`${column} = ${condition.value}`
    }
    case 'loginsCount':
      // 0 stands for a user who never logged in: it is not shown either.
      return sql`users.logins_count > 0 and ${numberSql(sql`users.logins_count`, condition.range, writeNumber)}`
    case 'identity': {
      const test = textSql(raw(`identities.${condition.column}`), condition.test, database)
      return sql`users.user_id in (select identities.user_id from identities where ${test})`
    }
    case 'identityJson': {
      const test = database.json('identities.document', condition.path, condition.test)
      return sql`users.user_id in (select identities.user_id from identities where ${test})`
    }
    default: {
      const { document, path, test } = condition
      const exact = database.json(`users.${document}`, path, test)
      const candidates = database.mayHave(document, path, test)
      return candidates === undefined ? exact : sql`${candidates} and ${exact}`
    }
  }
}

function textSql(column: Sql, test: TextTest, database: SearchSql): Sql {
  switch (test.kind) {
    case 'equals':
      // An empty text is as one that is not there, so nothing equals it.
      return test.text === '' ? sql`1 = 0` : sql`${column} = ${test.text}`
    case 'matches':
      return database.matches(column, test.parts)
    case 'between':
      return rangeSql(column, test.min ?? { text: '', inclusive: false }, test.max)
    default:
      return sql`${column} <> ''`
  }
}

/** Also what a text must be inside JSON. */
export function rangeSql(text: Sql, min: Bound | undefined, max: Bound | undefined): Sql {
  const parts: Sql[] = []
  if (min !== undefined) parts.push(min.inclusive ? sql`${text} >= ${min.text}` : sql`${text} > ${min.text}`)
  if (max !== undefined) parts.push(max.inclusive ? sql`${text} <= ${max.text}` : sql`${text} < ${max.text}`)
  return join(parts, ' and ')
}

/** PostgreSQL takes a bare number for an integer, as the column is, and refuses others. */
function writeNumber(number: number): Sql {
  return sql`cast(${String(number)} as numeric)`
}

/** Also what a number must be inside JSON. */
export function numberSql(
  number: Sql,
  { min, max }: NumberRange,
  write: (number: number) => Sql = (value) => sql`${value}`,
): Sql {
  const parts: Sql[] = [sql`1 = 1`]
  if (min !== undefined)
    parts.push(min.inclusive ? sql`${number} >= ${write(min.number)}` : sql`${number} > ${write(min.number)}`)
  if (max !== undefined)
    parts.push(max.inclusive ? sql`${number} <= ${write(max.number)}` : sql`${number} < ${write(max.number)}`)
  return join(parts, ' and ')
}
