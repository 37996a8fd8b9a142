/** What the keywords of a deployment stand for. */
export type Mappings = Readonly<Record<string, unknown>>

/** A marker, of whatever kind: `@@KEY@@` or `##KEY##`. */
export const keywordPattern = /@@[\w.:-]+@@|##[\w.:-]+##/g

/**
 * Puts values in the place of keywords, as auth0-deploy-cli does it, in any text and before that is parsed.
 *
 * `@@KEY@@` becomes JSON, and swallows the quotes around it; then `##KEY##` becomes the value as it is. A value may hold
 * the keyword of a later key. What no key names stays.
 */
export function replaceKeywords(text: string, mappings: Mappings): string {
  const entries = Object.entries(mappings).filter(([, value]) => value !== undefined)
  let result = text
  for (const [key, value] of entries) {
    const json = JSON.stringify(value)
    const forms = [`'@@${key}@@'`, `"@@${key}@@"`, `@@${key}@@`].map(escapeRegExp)
    // A function, because a value may hold `$&`, which means something in a replacement text.
    result = result.replace(new RegExp(forms.join('|'), 'g'), () => json)
  }
  for (const [key, value] of entries) result = result.replaceAll(`##${key}##`, () => String(value))
  return result
}

/** Quotes markers that stand where JSON and YAML want a value, so that what holds them can be parsed. */
export function quoteKeywords(text: string): string {
  return text.replaceAll(
    /(?<=[:,[][ \t]*|^[ \t]*-[ \t]+)(?:@@[\w.:-]+@@|##[\w.:-]+##)(?=[ \t]*(?:[,\]}\r\n]|$))/gm,
    (found) => `"${found}"`,
  )
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
}
