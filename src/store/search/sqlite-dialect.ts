import { joinSql, raw, sql, type Sql, SqlParameter } from './template.ts'
import type { JsonTest } from './condition.ts'
import type { SearchDialect } from './search-sql.ts'
import { buildNumberRange, buildRange } from './search-sql.ts'
import { anyText } from './tokenize.ts'

/** Longer values have no entry in `user_terms`. */
export const maxTermLength = 256

/** SQLite has no JSON path that reads the elements of arrays, so a path is a join of `json_each`. */
export const sqliteSearch: SearchDialect = {
  // The function is first in the condition and not deterministic, so SQLite calls it for every row that it reads.
  deadlineCheck: sql`before_deadline()`,
  buildMatch(text, parts) {
    const pattern = parts.map((part) =>
      typeof part === 'string' ? part.replaceAll(/[*?[]/g, '[$&]') : part === anyText ? '*' : '?',
    )
    return sql`${text} glob ${pattern.join('')}`
  },
  buildJsonTest(document, path, test) {
    if (path.length === 0) return raw(`exists (select 1 from ${buildLeaves(document)})`)
    const members = path.map((_, index) => getMember(index))
    const joinSources = members.slice(1).map(({ source }) => source)
    const keys = members.map(({ key }, index) => sql`${key} = ${path[index]}`)
    return sql`exists (select 1 from json_each(${raw(document)}) as member0${joinSql(joinSources, '')} where ${joinSql(keys, ' and ')} and ${buildLeafTest(members[path.length - 1] ?? item, test)})`
  },
  buildIndexFilter(document, path, test) {
    const name = path.at(-1)
    if (document === 'attributes' || test.kind !== 'equals' || name === undefined) return undefined
    if (test.text.length > maxTermLength || test.text === '') return undefined
    const terms = selectTerms(test.text, name)
    if (test.typedValue === undefined) return sql`users.user_id in (${terms})`
    return sql`users.user_id in (${terms} union all ${selectTerms(test.typedValue, name)})`
  },
  // SQLite always reads `user_terms` first.
  hasPoorMetadataEstimates: false,
  buildSortKeys(attribute) {
    const value = (...types: string[]) =>
      sql`(select atom from json_each(users.attributes) where key = ${attribute} and type in (${joinSql(types, ', ')}))`
    return [value('integer', 'real'), value('text')]
  },
}

/** Two selects, because elements of arrays have the name ''. `name in (…)` would make SQLite build a temporary table. */
function selectTerms(text: string | number | boolean, name: string): Sql {
  const value = new SqlParameter(text)
  return sql`select user_id from user_terms where value = ${value} and name = ${name} and before_deadline() union all select user_id from user_terms where value = ${value} and name = '' and before_deadline()`
}

/** The SQL of a `json_each` row. Created once per row, because compiled texts are cached by their strings. */
interface Row {
  readonly name: string
  readonly key: Sql
  readonly type: Sql
  readonly value: Sql
  readonly isText: Sql
  readonly isNumber: Sql
  readonly textEquals: Sql
  readonly numberEquals: Sql
}

interface Member extends Row {
  /** The join that yields it from the member before: from that object, or from each object in that array. */
  readonly source: Sql
}

function createRow(name: string): Row {
  return {
    name,
    key: raw(`${name}.key`),
    type: raw(`${name}.type`),
    value: raw(`${name}.value`),
    isText: raw(`${name}.type = 'text'`),
    isNumber: raw(`${name}.type in ('integer', 'real')`),
    textEquals: raw(`${name}.type = 'text' and ${name}.value = `),
    numberEquals: raw(`${name}.type in ('integer', 'real') and ${name}.value = `),
  }
}

const item = createRow('item')

/** By index. It grows with the longest path so far. */
const memberCache: Member[] = []

function getMember(index: number): Member {
  return (memberCache[index] ??= { ...createRow(`member${index}`), source: raw(buildSource(index)) })
}

function buildSource(index: number): string {
  const previous = `member${index - 1}`
  const element = `element${index}`
  const objects = `case ${previous}.type when 'array' then ${previous}.value when 'object' then '[' || ${previous}.value || ']' else '[]' end`
  const members = `case ${element}.type when 'object' then ${element}.value else '{}' end`
  return `, json_each(${objects}) as ${element}, json_each(${members}) as member${index}`
}

function buildLeafTest(member: Row, test: JsonTest): Sql {
  const { type, value } = member
  if (test.kind === 'exists') {
    const leaf = raw(`exists (select 1 from ${buildLeaves(`${member.name}.value`)})`)
    return sql`case when ${type} in ('array', 'object') then ${leaf} else ${type} <> 'null' and ${value} <> '' end`
  }
  const testRow = buildScalarTest(test)
  return sql`case ${type} when 'array' then exists (select 1 from json_each(${value}) as item where ${testRow(item)}) else ${testRow(member)} end`
}

function buildLeaves(document: string): string {
  return `json_tree(${document}) as leaf where leaf.atom is not null and leaf.atom <> ''`
}

function buildScalarTest(test: Exclude<JsonTest, { readonly kind: 'exists' }>): (row: Row) => Sql {
  switch (test.kind) {
    case 'equals': {
      if (test.text === '') return () => sql`1 = 0`
      const text = new SqlParameter(test.text)
      const typedValue = new SqlParameter(
        typeof test.typedValue === 'boolean' ? String(test.typedValue) : test.typedValue,
      )
      if (test.typedValue === undefined) return ({ textEquals }) => sql`(${textEquals}${text})`
      if (typeof test.typedValue === 'boolean')
        return ({ textEquals, type }) => sql`(${textEquals}${text} or ${type} = ${typedValue})`
      return ({ textEquals, numberEquals }) => sql`(${textEquals}${text} or ${numberEquals}${typedValue})`
    }
    case 'matches':
      return ({ isText, value }) => sql`(${isText} and ${sqliteSearch.buildMatch(value, test.parts)})`
    default:
      return ({ isText, isNumber, value }) => {
        const min = test.min ?? { text: '', isInclusive: false }
        const texts = sql`(${isText} and ${buildRange(value, min, test.max)})`
        if (test.numbers === undefined) return texts
        return sql`(${texts} or (${isNumber} and ${buildNumberRange(value, test.numbers)}))`
      }
  }
}
