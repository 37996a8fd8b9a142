/** Says whether a program printed what the page shows: spaces at ends of lines do not count, and `…` stands for any text. */
export function matchOutput(printed: string, shown: string, { isPrefix = false } = {}): boolean {
  const text = trimLines(printed)
  const [head = '', ...parts] = trimLines(shown).split('…')
  if (!text.startsWith(head)) return false
  let end = head.length
  for (const part of parts) {
    const at = text.indexOf(part, end)
    if (at === -1) return false
    end = at + part.length
  }
  // The last part may stand in several places, and only the last of them is the end.
  const tail = parts.at(-1) ?? head
  return (
    isPrefix ||
    (text.endsWith(tail) && text.length - tail.length >= end - tail.length && (parts.length > 0 || end === text.length))
  )
}

/** Removes spaces at ends of lines, and empty lines around the text. */
export function trimLines(text: string): string {
  return text.replaceAll(/[ \t]+$/gm, '').replace(/^\n+|\s+$/g, '')
}
