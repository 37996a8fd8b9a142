import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { StoredRule } from '../../../profile/rule/stored-rule.ts'
import { loadRuleset } from '../../../rules/ruleset/ruleset.ts'
import { type ManagementError, managementError } from '../operation-result.ts'
import type { ManagementServices } from '../operation.ts'

export const noSuchRule: ManagementError = managementError(404, 'inexistent_rule', 'The rule does not exist.')

/** Checks that an engine can run the script; the error names file, line and column. */
export function validateScript(
  { name, script }: Pick<StoredRule, 'name' | 'script'>,
  { maxSourceBytes }: ManagementServices,
): ManagementError | undefined {
  try {
    loadRuleset({ rules: [{ name, script }], ...(maxSourceBytes === undefined ? {} : { maxSourceBytes }) })
    return undefined
  } catch (error) {
    if (!(error instanceof ClaimsmithError)) throw error
    return managementError(400, 'invalid_body', `Payload validation error: '${error.message}' on property script.`)
  }
}

/** Auth0's error if another rule has the order or the name; rethrows any other. */
export function toConflictError(error: unknown): ManagementError {
  if (!(error instanceof ClaimsmithError) || error.code !== 'STORE_CONFLICT') throw error
  return managementError(409, 'rule_conflict', error.message)
}
