import { tokenizer } from 'acorn'

/**
 * Whether the body of a function begins before an offset of a text that cannot be parsed there.
 *
 * If one does, the text has the shape of a rule, and what is wrong is at the offset.
 */
export function hasFunctionBefore(text: string, offset: number): boolean {
  const tokens = tokenizer(text, { ecmaVersion: 'latest' })
  let hasKeyword = false
  try {
    for (let token = tokens.getToken(); token.start < offset && token.type.label !== 'eof'; token = tokens.getToken()) {
      const { label } = token.type
      hasKeyword ||= label === 'function'
      if (label === '=>' || (hasKeyword && label === '{')) return true
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return false
}
