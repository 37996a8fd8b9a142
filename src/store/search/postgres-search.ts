import { raw, sql, type Sql } from './template.ts'
import type { JsonTest } from './condition.ts'
import type { SearchSql } from './search-sql.ts'
import { numberSql, rangeSql } from './search-sql.ts'
import { anyText } from './words.ts'

type Equality = Extract<JsonTest, { readonly kind: 'equals' }>

/** Texts are compared byte by byte (`collate "C"`), as SQLite does; the columns are declared so. */
export const postgresSearch: SearchSql = {
  // The connections that searches run on have a statement_timeout.
  beforeDeadline: sql`true`,
  matches(text, parts) {
    const pattern = parts.map((part) =>
      typeof part === 'string' ? part.replaceAll(/[\\%_]/g, String.raw`\$&`) : part === anyText ? '%' : '_',
    )
    return sql`${text} like ${pattern.join('')}`
  },
  json(document, path, test) {
    if (path.length === 0) return hasLeaf(document)
    if (test.kind === 'equals') return equals(document, path, test)
    // A member accessor looks into arrays by itself (lax mode); the elements at the end need saying.
    const values = test.kind === 'exists' ? pathOf(path) : `${pathOf(path)}[*]`
    return sql`exists (select from jsonb_path_query(${raw(document)}, ${values}::jsonpath) as found(item) where ${scalar(test)})`
  },
  // An equality is found in the index as it stands, and nothing else is.
  mayHave: () => undefined,
  misjudgesMetadata: true,
  sortKeys(attribute) {
    const value = sql`users.attributes -> ${attribute}`
    return [
      sql`case when jsonb_typeof(${value}) = 'number' then (${value})::numeric end`,
      sql`case when jsonb_typeof(${value}) = 'string' then (users.attributes ->> ${attribute}) collate "C" end`,
    ]
  },
}

/** Strings in a JSON path are written as in JSON. */
function pathOf(path: readonly string[]): string {
  return ['$', ...path.map((name) => JSON.stringify(name))].join('.')
}

function hasLeaf(document: string): Sql {
  const leaf = '$.** ? (@.type() == "number" || @.type() == "boolean" || (@.type() == "string" && @ != ""))'
  return sql`jsonb_path_exists(${raw(document)}, ${`strict ${leaf}`}::jsonpath)`
}

/** Said with `@?`, whose values PostgreSQL looks up in the index. The type is asked for, because `==` would look into an array in an array. */
function equals(document: string, path: readonly string[], { text, also }: Equality): Sql {
  if (text === '') return sql`false`
  const values = also === undefined ? [text] : [text, also]
  // The value comes first: it is the quicker to look at, which the planner does in a hundred samples.
  const tests = values.map((value) => `(@ == ${JSON.stringify(value)} && @.type() == "${typeof value}")`)
  return sql`${raw(document)} @? ${`${pathOf(path)} ? (${tests.join(' || ')})`}::jsonpath`
}

function scalar(test: Exclude<JsonTest, Equality>): Sql {
  const text = sql`(item #>> '{}') collate "C"`
  const isText = sql`jsonb_typeof(item) = 'string'`
  switch (test.kind) {
    case 'matches':
      return sql`${isText} and ${postgresSearch.matches(text, test.parts)}`
    case 'between': {
      const texts = sql`(${isText} and ${rangeSql(text, test.min ?? { text: '', inclusive: false }, test.max)})`
      if (test.numbers === undefined) return texts
      const write = (number: number) => sql`${JSON.stringify(number)}::jsonb`
      return sql`(${texts} or (jsonb_typeof(item) = 'number' and ${numberSql(sql`item`, test.numbers, write)}))`
    }
    default:
      return hasLeaf('item')
  }
}
