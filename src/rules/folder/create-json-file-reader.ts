import { readFileSync } from 'node:fs'
import { createRulesetError } from '../ruleset/rule-errors.ts'

/**
 * Creates a reader of JSON files of one shape. Its errors name the file and never quote it.
 *
 * @throws {ClaimsmithError} INVALID_RULESET from the reader if the file is not JSON
 */
export function createJsonFileReader<T>(validate: (value: unknown, which: string) => T): (file: string) => T {
  return (file) => validate(parseJson(file, readFileSync(file, 'utf8')), file)
}

/** The parser's own message quotes the text, which may be a secret. Only the position is taken from it. */
function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (error) {
    const position = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0]
    throw createRulesetError(`${file} is not valid JSON${position === undefined ? '' : ` at ${position}`}.`, { file })
  }
}
