/**
 * Finds the function at whose parameters a text could not be parsed, because its name is missing.
 *
 * Returns the offset of its keyword; undefined if the text at the offset is something else.
 */
export function findNamelessFunction(text: string, offset: number): number | undefined {
  return text[offset] === '(' ? /\bfunction\s*$/.exec(text.slice(0, offset))?.index : undefined
}
