import { type Attribute, type UpdateRule, attributeRows } from './attributes.ts'

/** When an update may set an attribute, in the words of the documentation. */
export const updateConditions: Readonly<Record<UpdateRule, string>> = {
  always: 'always',
  'database-or-passwordless': 'user of a database or passwordless connection',
  'database-email-or-social': 'user of a database, email or social connection',
  'unless-synced': 'user of a database or passwordless connection, or of one that does not sync at each login',
  never: 'never',
}

/** What a call does with the attributes of users. */
export type AttributeUse = 'view' | 'search' | 'create' | 'update'

/** The whole table, in Markdown. */
export function renderAttributeTable(): string {
  return toMarkdown(
    ['attribute', 'what it is', 'read', 'search, sort', 'create', 'update', '`null` unsets it'],
    attributeRows.map(([name, attribute]) => [
      formatCode(name),
      attribute.description,
      formatYes(attribute.isReadable),
      formatSearch(attribute),
      formatYes(attribute.isCreatable),
      formatUpdate(attribute),
      formatYes(attribute.isNullable),
    ]),
  )
}

/** The attributes that one kind of call may view or change, in Markdown. */
export function renderUseTable(use: AttributeUse): string {
  const renderViewTable = (rest: readonly string[], cells: (attribute: Attribute) => readonly string[]): string =>
    toMarkdown(
      ['attribute', 'viewed', ...rest],
      attributeRows.map(([name, attribute]) => [
        formatCode(name),
        formatYes(attribute.isReadable),
        ...cells(attribute),
      ]),
    )
  switch (use) {
    case 'view':
      return renderViewTable([], () => [])
    case 'search':
      return renderViewTable(['searched, sorted by'], (attribute) => [formatSearch(attribute)])
    case 'create':
      return renderViewTable(['given'], ({ isCreatable }) => [formatYes(isCreatable)])
    case 'update':
      return renderViewTable(['altered', '`null` unsets it'], (attribute) => [
        formatUpdate(attribute),
        formatYes(attribute.isNullable),
      ])
    default:
      return use satisfies never
  }
}

function formatUpdate({ update, updateScope }: Attribute): string {
  const scope = updateScope === undefined ? '' : `; ${formatCode(updateScope)} is enough`
  return `${updateConditions[update]}${scope}`
}

function formatSearch({ isSearchable, isSortable }: Attribute): string {
  return isSearchable && !isSortable ? 'search only' : formatYes(isSearchable)
}

function formatYes(value: boolean): string {
  return value ? 'yes' : 'no'
}

function formatCode(text: string): string {
  return `\`${text}\``
}

function toMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
