import { escapeAngleBrackets } from './escape-angle-brackets.ts'

/** Renders a table in Markdown. Bars within cells are escaped, and line breaks become spaces. */
export function renderMarkdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head.map(escapeCell), head.map(() => '---'), ...rows.map((row) => row.map(escapeCell))]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function escapeCell(text: string): string {
  return escapeAngleBrackets(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
}
