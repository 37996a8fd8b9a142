/** Escapes what Markdown would take for HTML, as in `sqlite:<path>`. Code stays as it is. */
export function escapeAngleBrackets(text: string): string {
  const parts = text.split('`')
  return parts.map((part, index) => (index % 2 === 0 ? part.replaceAll('<', String.raw`\<`) : part)).join('`')
}
