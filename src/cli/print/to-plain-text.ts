/**
 * Makes text from a rule safe to print. Control characters become escapes: so a log line can neither repaint the
 * terminal nor hide what another rule did. Line breaks and tabs stay.
 */
export function toPlainText(text: string): string {
  return text.replaceAll(/[\p{Cc}--[\n\t]]/gv, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
