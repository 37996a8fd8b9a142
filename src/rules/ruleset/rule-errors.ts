import { getLineInfo } from 'acorn'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { RuleFile } from '../folder/rule-file.ts'

const expectedRule =
  'A rule is one function: function (user, context, callback) { … }; ' +
  'an action exports one: exports.onExecutePostLogin = async (event, api) => { … }'

/** The reason for a script that imports values. */
export const valueImport = 'A rule imports types only, and uses require()'

/** The reason for a function that would be the rule if it stood alone. */
export const missingName = 'There is other code beside this function, so give the function a name'

/** Line and column count from 1. */
export interface SourceLocation {
  readonly line: number
  readonly column: number
}

/** Throws the error of a text that does not have the shape of a rule, at an offset of the text. */
export type ThrowShapeError = (offset: number, reason: string) => never

/** Creates the error of a text that is not JavaScript or TypeScript. It says where and why. */
export function createSyntaxError(rule: RuleFile, location: SourceLocation, reason: string): ClaimsmithError {
  const { line, column } = location
  const { name, file } = rule
  return new ClaimsmithError('RULE_SYNTAX', `${file}:${line}:${column}: ${reason}.`, {
    details: { rule: name, file, line, column },
  })
}

/** Creates the error of a text that does not have the shape of a rule. It also says what a rule is, unless the reason is enough. */
export function createShapeError(rule: RuleFile, location: SourceLocation, reason: string): ClaimsmithError {
  return createSyntaxError(rule, location, reason === missingName ? reason : `${reason}. ${expectedRule}`)
}

/** Like `createShapeError`, for an offset of a text. */
export function createShapeErrorAt(rule: RuleFile, text: string, offset: number, reason: string): ClaimsmithError {
  return createShapeError(rule, toSourceLocation(text, offset), reason)
}

/** Converts an offset of a text to line and column. */
export function toSourceLocation(text: string, offset: number): SourceLocation {
  const { line, column } = getLineInfo(text, offset)
  return { line, column: column + 1 }
}

/** Creates the error of a ruleset that is not valid for another reason than a rule's syntax. */
export function createRulesetError(
  message: string,
  details: Readonly<Record<string, string | number | boolean>> = {},
): ClaimsmithError {
  return new ClaimsmithError('INVALID_RULESET', message, { details })
}
