import type { ClaimsmithError } from './claimsmith-error.ts'
import type { SourcePosition } from './error-details.ts'

/** Looks up where a script or a rules file is wrong; empty if the error is about something else. */
export function getSourcePosition(error: ClaimsmithError): SourcePosition {
  return error.code === 'RULE_SYNTAX' || error.code === 'INVALID_RULESET' ? error.details : {}
}
