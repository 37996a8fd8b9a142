import { type Attribute, type UpdateRule, attributeRows } from './attributes.ts'

/** When an update may set an attribute, as documentation says it. */
export const updateConditions: Readonly<Record<UpdateRule, string>> = {
  always: 'always',
  own: 'user of a database or passwordless connection',
  vouched: 'user of a database, email or social connection',
  unsynced: 'user of a database or passwordless connection, or of one that does not sync at each login',
  never: 'never',
}

/** What a call does with the attributes of users. */
export type AttributeUse = 'view' | 'search' | 'create' | 'update'

/** The whole table, in Markdown. */
export function attributeTable(): string {
  return toMarkdown(
    ['attribute', 'what it is', 'read', 'search, sort', 'create', 'update', '`null` unsets it'],
    attributeRows.map(([name, attribute]) => [
      code(name),
      attribute.description,
      yes(attribute.readable),
      searchOf(attribute),
      yes(attribute.create),
      whenOf(attribute),
      yes(attribute.nullable),
    ]),
  )
}

/** What one kind of call may view or alter, in Markdown. */
export function attributeTableOf(use: AttributeUse): string {
  const viewed = (rest: readonly string[], cells: (attribute: Attribute) => readonly string[]): string =>
    toMarkdown(
      ['attribute', 'viewed', ...rest],
      attributeRows.map(([name, attribute]) => [code(name), yes(attribute.readable), ...cells(attribute)]),
    )
  switch (use) {
    case 'view':
      return viewed([], () => [])
    case 'search':
      return viewed(['searched, sorted by'], (attribute) => [searchOf(attribute)])
    case 'create':
      return viewed(['given'], ({ create }) => [yes(create)])
    case 'update':
      return viewed(['altered', '`null` unsets it'], (attribute) => [whenOf(attribute), yes(attribute.nullable)])
    default:
      return use satisfies never
  }
}

function whenOf({ update, updateScope }: Attribute): string {
  const scope = updateScope === undefined ? '' : `; ${code(updateScope)} is enough`
  return `${updateConditions[update]}${scope}`
}

function searchOf({ searchable, sortable }: Attribute): string {
  return searchable && !sortable ? 'search only' : yes(searchable)
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no'
}

function code(text: string): string {
  return `\`${text}\``
}

function toMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
