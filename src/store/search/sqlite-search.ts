import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { JsonTest } from './condition.ts'
import type { SearchSql } from './search-sql.ts'
import { numberSql, rangeSql } from './search-sql.ts'
import { anyText } from './words.ts'

/** Values that are longer have no entry in `user_terms`. */
export const maxTermLength = 256

/** SQLite has no JSON path that looks into arrays, so a path is a row of joined `json_each`. */
export const sqliteSearch: SearchSql = {
  // Written first, and not deterministic: it is called for every row that the database looks at.
  beforeDeadline: sql`before_deadline()`,
  matches(text, parts) {
    const pattern = parts.map((part) =>
      typeof part === 'string' ? part.replaceAll(/[*?[]/g, '[$&]') : part === anyText ? '*' : '?',
    )
    return sql`${text} glob ${pattern.join('')}`
  },
  json(document, path, test) {
    if (path.length === 0) return sql`exists (select 1 from ${leavesOf(document)})`
    const steps = path.map((name, index) => step(document, name, index))
    const found = path.length - 1
    return sql`exists (select 1 from ${join(steps.map(({ from }) => from))} where ${join(
      [...steps.map(({ on }) => on), atEnd(found, test)],
      ' and ',
    )})`
  },
  mayHave(document, path, test) {
    const name = path.at(-1)
    if (document === 'attributes' || test.kind !== 'equals' || name === undefined) return undefined
    if (test.text.length > maxTermLength || test.text === '') return undefined
    const values = test.also === undefined ? [test.text] : [test.text, test.also]
    // An element of an array has no name of its own.
    return sql`users.user_id in (select user_terms.user_id from user_terms where value in (${join(values)}) and name in (${name}, '') and ${sqliteSearch.beforeDeadline})`
  },
  // It asks `user_terms` first, however many there are.
  misjudgesMetadata: false,
  sortKeys(attribute) {
    const value = (...types: string[]) =>
      sql`(select atom from json_each(users.attributes) where key = ${attribute} and type in (${join(types)}))`
    return [value('integer', 'real'), value('text')]
  },
}

/** The member of this name, of the object before it or of each object in the array before it. */
function step(document: Sql, name: string, index: number): { readonly from: Sql; readonly on: Sql } {
  const member = raw(`member${index}`)
  const on = sql`${raw(`member${index}.key`)} = ${name}`
  if (index === 0) return { from: sql`json_each(${document}) as ${member}`, on }
  const type = raw(`member${index - 1}.type`)
  const value = raw(`member${index - 1}.value`)
  const element = raw(`element${index}`)
  const objects = sql`json_each(case ${type} when 'array' then ${value} when 'object' then '[' || ${value} || ']' else '[]' end) as ${element}`
  const members = sql`json_each(case ${raw(`element${index}.type`)} when 'object' then ${raw(`element${index}.value`)} else '{}' end) as ${member}`
  return { from: sql`${objects}, ${members}`, on }
}

function atEnd(index: number, test: JsonTest): Sql {
  const type = raw(`member${index}.type`)
  const value = raw(`member${index}.value`)
  if (test.kind === 'exists') {
    return sql`case when ${type} in ('array', 'object') then exists (select 1 from ${leavesOf(value)}) else ${type} <> 'null' and ${value} <> '' end`
  }
  const one = scalar(type, value, test)
  const each = scalar(sql`item.type`, sql`item.value`, test)
  return sql`case ${type} when 'array' then exists (select 1 from json_each(${value}) as item where ${each}) else ${one} end`
}

function leavesOf(document: Sql): Sql {
  return sql`json_tree(${document}) as leaf where leaf.atom is not null and leaf.atom <> ''`
}

function scalar(type: Sql, value: Sql, test: Exclude<JsonTest, { readonly kind: 'exists' }>): Sql {
  const text = sql`${type} = 'text'`
  const number = sql`${type} in ('integer', 'real')`
  switch (test.kind) {
    case 'equals': {
      const { also } = test
      const same = test.text === '' ? sql`1 = 0` : sql`(${text} and ${value} = ${test.text})`
      if (also === undefined) return same
      if (typeof also === 'boolean') return sql`(${same} or ${type} = ${String(also)})`
      return sql`(${same} or (${number} and ${value} = ${also}))`
    }
    case 'matches':
      return sql`(${text} and ${sqliteSearch.matches(value, test.parts)})`
    default: {
      const texts = sql`(${text} and ${rangeSql(value, test.min ?? { text: '', inclusive: false }, test.max)})`
      if (test.numbers === undefined) return texts
      return sql`(${texts} or (${number} and ${numberSql(value, test.numbers)}))`
    }
  }
}
