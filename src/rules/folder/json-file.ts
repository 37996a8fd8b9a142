import { readFileSync } from 'node:fs'
import { rulesetError } from '../ruleset/refusal.ts'

/** Makes a reader of JSON files of one shape; it throws INVALID_RULESET, which names the file and shows nothing of it. */
export function jsonFileReader<T>(check: (value: unknown, which: string) => T): (file: string) => T {
  return (file) => check(parsed(file, readFileSync(file, 'utf8')), file)
}

/** The parser's own message quotes the text, which may be a secret: only the place is taken from it. */
function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (error) {
    const place = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0]
    throw rulesetError(`${file} is not valid JSON${place === undefined ? '' : ` at ${place}`}.`, { file })
  }
}
