import { raw, sql, type Sql } from './template.ts'
import type { JsonTest } from './condition.ts'
import type { SearchDialect } from './search-sql.ts'
import { buildNumberRange, buildRange } from './search-sql.ts'
import { anyText } from './tokenize.ts'

type Equality = Extract<JsonTest, { readonly kind: 'equals' }>

/** Text is compared by bytes (`collate "C"`), as in SQLite. The columns are declared so. */
export const postgresSearch: SearchDialect = {
  // The connections of searches have a `statement_timeout`.
  deadlineCheck: sql`true`,
  buildMatch(text, parts) {
    const pattern = parts.map((part) =>
      typeof part === 'string' ? part.replaceAll(/[\\%_]/g, String.raw`\$&`) : part === anyText ? '%' : '_',
    )
    return sql`${text} like ${pattern.join('')}`
  },
  buildJsonTest(document, path, test) {
    if (path.length === 0) return buildHasLeaf(document)
    if (test.kind === 'equals') return buildEquality(document, path, test)
    // A member accessor reads the elements of arrays by itself (lax mode). At the end of the path this needs `[*]`.
    const values = test.kind === 'exists' ? formatPath(path) : `${formatPath(path)}[*]`
    return sql`exists (select from jsonb_path_query(${raw(document)}, ${values}::jsonpath) as match(item) where ${buildScalarTest(test)})`
  },
  // The GIN index serves equalities as they are written, and nothing else.
  buildIndexFilter: () => undefined,
  hasPoorMetadataEstimates: true,
  buildSortKeys(attribute) {
    const value = sql`users.attributes -> ${attribute}`
    return [
      sql`case when jsonb_typeof(${value}) = 'number' then (${value})::numeric end`,
      sql`case when jsonb_typeof(${value}) = 'string' then (users.attributes ->> ${attribute}) collate "C" end`,
    ]
  },
}

/** A JSON path quotes names as JSON does. */
function formatPath(path: readonly string[]): string {
  return ['$', ...path.map((name) => JSON.stringify(name))].join('.')
}

function buildHasLeaf(document: string): Sql {
  const leaf = '$.** ? (@.type() == "number" || @.type() == "boolean" || (@.type() == "string" && @ != ""))'
  return sql`jsonb_path_exists(${raw(document)}, ${`strict ${leaf}`}::jsonpath)`
}

/** `@?` can use the index. The type is tested because `==` would also match inside an array in an array. */
function buildEquality(document: string, path: readonly string[], { text, typedValue }: Equality): Sql {
  if (text === '') return sql`false`
  const values = typedValue === undefined ? [text] : [text, typedValue]
  // The value is tested first, because that is quicker, and the planner evaluates the test on a hundred samples.
  const tests = values.map((value) => `(@ == ${JSON.stringify(value)} && @.type() == "${typeof value}")`)
  return sql`${raw(document)} @? ${`${formatPath(path)} ? (${tests.join(' || ')})`}::jsonpath`
}

function buildScalarTest(test: Exclude<JsonTest, Equality>): Sql {
  const text = sql`(item #>> '{}') collate "C"`
  const isText = sql`jsonb_typeof(item) = 'string'`
  switch (test.kind) {
    case 'matches':
      return sql`${isText} and ${postgresSearch.buildMatch(text, test.parts)}`
    case 'between': {
      const texts = sql`(${isText} and ${buildRange(text, test.min ?? { text: '', isInclusive: false }, test.max)})`
      if (test.numbers === undefined) return texts
      const write = (number: number) => sql`${JSON.stringify(number)}::jsonb`
      return sql`(${texts} or (jsonb_typeof(item) = 'number' and ${buildNumberRange(sql`item`, test.numbers, write)}))`
    }
    default:
      return buildHasLeaf('item')
  }
}
