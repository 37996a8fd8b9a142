import { readFileSync } from 'node:fs'
import { createRulesetError } from '../ruleset/rule-errors.ts'

/** Makes a reader of JSON files of one shape; it throws INVALID_RULESET, which names the file and shows nothing of it. */
export function createJsonFileReader<T>(validate: (value: unknown, which: string) => T): (file: string) => T {
  return (file) => validate(parseJson(file, readFileSync(file, 'utf8')), file)
}

/** The parser's own message quotes the text, which may be a secret: only the place is taken from it. */
function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (error) {
    const position = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0]
    throw createRulesetError(`${file} is not valid JSON${position === undefined ? '' : ` at ${position}`}.`, { file })
  }
}
