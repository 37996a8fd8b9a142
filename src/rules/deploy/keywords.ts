/** From keyword to value. */
export type Mappings = Readonly<Record<string, unknown>>

/** A keyword in a text: `@@KEY@@` or `##KEY##`. */
export const keywordPattern = /@@[\w.:-]+@@|##[\w.:-]+##/g

/**
 * Replaces keywords by their values, as auth0-deploy-cli does: in any text, before it is parsed.
 *
 * - `@@KEY@@` becomes JSON, and removes the quotes around it.
 * - `##KEY##`, replaced after that, becomes the value as it is.
 * - A value may hold the keyword of a later key.
 * - A keyword without a value stays.
 */
export function replaceKeywords(text: string, mappings: Mappings): string {
  const entries = Object.entries(mappings).filter(([, value]) => value !== undefined)
  let result = text
  for (const [key, value] of entries) {
    const json = JSON.stringify(value)
    const forms = [`'@@${key}@@'`, `"@@${key}@@"`, `@@${key}@@`].map(escapeRegExp)
    // A function, because a value may hold `$&`, which is special in a replacement text.
    result = result.replace(new RegExp(forms.join('|'), 'g'), () => json)
  }
  for (const [key, value] of entries) result = result.replaceAll(`##${key}##`, () => String(value))
  return result
}

/** Quotes keywords in the position of a JSON or YAML value, so that the text can be parsed. */
export function quoteKeywords(text: string): string {
  return text.replaceAll(
    /(?<=[:,[][ \t]*|^[ \t]*-[ \t]+)(?:@@[\w.:-]+@@|##[\w.:-]+##)(?=[ \t]*(?:[,\]}\r\n]|$))/gm,
    (keyword) => `"${keyword}"`,
  )
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
}
