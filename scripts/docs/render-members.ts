import type { InterfaceMember } from './read-interface.ts'
import { renderMarkdownTable } from './render-markdown-table.ts'

/** Renders options: those that are needed are marked. @throws {Error} if one has no doc comment */
export function renderOptions(members: readonly InterfaceMember[]): string {
  const rows = members.map((member) => {
    const { name, type, isOptional } = member
    return [`\`${name}\`${isOptional ? '' : ' (needed)'}`, `\`${type}\``, requireDescription(member)]
  })
  return renderMarkdownTable(['option', 'type', 'what it is'], rows)
}

/** Renders the methods of `api`. @throws {Error} if one has no doc comment */
export function renderMethods(members: readonly InterfaceMember[]): string {
  const rows = members.map((member) => {
    const { name, type, isMethod } = member
    return [`\`api.${name}${isMethod ? type : ''}\``, requireDescription(member)]
  })
  return renderMarkdownTable(['method', 'what it does'], rows)
}

/** Renders the attributes of `event`. Those that may be missing have a question mark. @throws {Error} if one has no doc comment */
export function renderEvent(members: readonly InterfaceMember[]): string {
  const rows = members.map((member) => {
    const { name, type, isOptional } = member
    return [`\`event.${name}${isOptional ? '?' : ''}\``, `\`${type}\``, requireDescription(member)]
  })
  return renderMarkdownTable(['attribute', 'type', 'what it is'], rows)
}

function requireDescription({ name, description }: InterfaceMember): string {
  if (description === '') throw new Error(`${name} has no doc comment; its row in the documentation would be empty`)
  return description
}
