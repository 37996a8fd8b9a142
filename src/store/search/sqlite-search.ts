import { join, raw, sql, type Sql, Value } from './template.ts'
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
    if (path.length === 0) return raw(`exists (select 1 from ${leavesOf(document)})`)
    const members = path.map((_, index) => memberAt(index))
    const further = members.slice(1).map(({ source }) => source)
    const keys = members.map(({ key }, index) => sql`${key} = ${path[index]}`)
    return sql`exists (select 1 from json_each(${raw(document)}) as member0${join(further, '')} where ${join(keys, ' and ')} and ${atEnd(members[path.length - 1] ?? item, test)})`
  },
  mayHave(document, path, test) {
    const name = path.at(-1)
    if (document === 'attributes' || test.kind !== 'equals' || name === undefined) return undefined
    if (test.text.length > maxTermLength || test.text === '') return undefined
    const terms = termsWith(test.text, name)
    if (test.also === undefined) return sql`users.user_id in (${terms})`
    return sql`users.user_id in (${terms} union all ${termsWith(test.also, name)})`
  },
  // It asks `user_terms` first, however many there are.
  misjudgesMetadata: false,
  sortKeys(attribute) {
    const value = (...types: string[]) =>
      sql`(select atom from json_each(users.attributes) where key = ${attribute} and type in (${join(types, ', ')}))`
    return [value('integer', 'real'), value('text')]
  },
}

/** An element of an array has no name of its own. IN with a list of names would make a table of it first. */
function termsWith(text: string | number | boolean, name: string): Sql {
  const value = new Value(text)
  return sql`select user_id from user_terms where value = ${value} and name = ${name} and before_deadline() union all select user_id from user_terms where value = ${value} and name = '' and before_deadline()`
}

/** A row of `json_each`, in the pieces that searches are written with: written once, because they are looked up by their texts. */
interface Row {
  readonly name: string
  readonly key: Sql
  readonly type: Sql
  readonly value: Sql
  readonly isText: Sql
  readonly isNumber: Sql
  readonly isTextOf: Sql
  readonly isNumberOf: Sql
}

interface Member extends Row {
  /** Where it comes from, unless it is the first: the object before it, or each object in the array before it. */
  readonly source: Sql
}

function rowOf(name: string): Row {
  return {
    name,
    key: raw(`${name}.key`),
    type: raw(`${name}.type`),
    value: raw(`${name}.value`),
    isText: raw(`${name}.type = 'text'`),
    isNumber: raw(`${name}.type in ('integer', 'real')`),
    isTextOf: raw(`${name}.type = 'text' and ${name}.value = `),
    isNumberOf: raw(`${name}.type in ('integer', 'real') and ${name}.value = `),
  }
}

const item = rowOf('item')

/** As many as the longest path had names. */
const knownMembers: Member[] = []

function memberAt(index: number): Member {
  return (knownMembers[index] ??= { ...rowOf(`member${index}`), source: raw(sourceOf(index)) })
}

function sourceOf(index: number): string {
  const before = `member${index - 1}`
  const element = `element${index}`
  const objects = `case ${before}.type when 'array' then ${before}.value when 'object' then '[' || ${before}.value || ']' else '[]' end`
  const members = `case ${element}.type when 'object' then ${element}.value else '{}' end`
  return `, json_each(${objects}) as ${element}, json_each(${members}) as member${index}`
}

function atEnd(member: Row, test: JsonTest): Sql {
  const { type, value } = member
  if (test.kind === 'exists') {
    const leaf = raw(`exists (select 1 from ${leavesOf(`${member.name}.value`)})`)
    return sql`case when ${type} in ('array', 'object') then ${leaf} else ${type} <> 'null' and ${value} <> '' end`
  }
  const passes = scalar(test)
  return sql`case ${type} when 'array' then exists (select 1 from json_each(${value}) as item where ${passes(item)}) else ${passes(member)} end`
}

function leavesOf(document: string): string {
  return `json_tree(${document}) as leaf where leaf.atom is not null and leaf.atom <> ''`
}

function scalar(test: Exclude<JsonTest, { readonly kind: 'exists' }>): (row: Row) => Sql {
  switch (test.kind) {
    case 'equals': {
      if (test.text === '') return () => sql`1 = 0`
      const text = new Value(test.text)
      const also = new Value(typeof test.also === 'boolean' ? String(test.also) : test.also)
      if (test.also === undefined) return ({ isTextOf }) => sql`(${isTextOf}${text})`
      if (typeof test.also === 'boolean') return ({ isTextOf, type }) => sql`(${isTextOf}${text} or ${type} = ${also})`
      return ({ isTextOf, isNumberOf }) => sql`(${isTextOf}${text} or ${isNumberOf}${also})`
    }
    case 'matches':
      return ({ isText, value }) => sql`(${isText} and ${sqliteSearch.matches(value, test.parts)})`
    default:
      return ({ isText, isNumber, value }) => {
        const min = test.min ?? { text: '', inclusive: false }
        const texts = sql`(${isText} and ${rangeSql(value, min, test.max)})`
        if (test.numbers === undefined) return texts
        return sql`(${texts} or (${isNumber} and ${numberSql(value, test.numbers)}))`
      }
  }
}
