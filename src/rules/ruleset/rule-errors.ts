import { getLineInfo } from 'acorn'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { RuleFile } from '../folder/rule-file.ts'

const expectedRule =
  'A rule is one function: function (user, context, callback) { … }; ' +
  'an action exports one: exports.onExecutePostLogin = async (event, api) => { … }'

/** Line and column count from 1. */
export interface SourceLocation {
  readonly line: number
  readonly column: number
}

/** Throws the syntax error of a rule at an offset of its text. */
export type ThrowSyntaxError = (offset: number, reason: string) => never

/** Creates the error of a text that is not a rule. It says where, why, and what would be right. */
export function createSyntaxError(rule: RuleFile, location: SourceLocation, reason: string): ClaimsmithError {
  const { line, column } = location
  const { name, file } = rule
  return new ClaimsmithError('RULE_SYNTAX', `${file}:${line}:${column}: ${reason}. ${expectedRule}.`, {
    details: { rule: name, file, line, column },
  })
}

/** Like `createSyntaxError`, for an offset of a text. */
export function createSyntaxErrorAt(rule: RuleFile, text: string, offset: number, reason: string): ClaimsmithError {
  return createSyntaxError(rule, toSourceLocation(text, offset), reason)
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
