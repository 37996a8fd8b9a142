import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import type { UserAndContext } from '../../engine/run/encode-login.ts'
import { type OperationResult, reply, managementError } from '../../http/management/operation-result.ts'
import type { RunResponse } from '../http/api-types.ts'
import { buildPreview } from './build-preview.ts'
import { toInputs } from './rule-inputs.ts'
import { applyEdit } from '../rules/rule-repository.ts'
import type { PlaygroundServices } from '../http/services.ts'

/** A run that the page asks for. */
export interface DryRunRequest extends UserAndContext {
  /** The edited rule alone, or all rules including it. */
  readonly what: 'rule' | 'pipeline'
  readonly name: string
  readonly script: string
  /** Takes precedence over the configuration of the rules. */
  readonly configuration?: Readonly<Record<string, ConfiguredValue>>
  /** The name of a recorded login, whose responses, time and random seed the run gets. */
  readonly recording?: string
}

export const tooManyRuns = managementError(429, undefined, 'Too many runs are waiting already; try again in a moment.')

/**
 * Runs the rules, and adds what clients would get.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX, INVALID_RULESET or INVALID_LOGIN if the input is wrong
 */
export async function executeRun(
  { what, name, script, user, context, configuration = {}, recording }: DryRunRequest,
  { repository, runner, settings, recordings }: PlaygroundServices,
): Promise<OperationResult> {
  const { rules, configuration: savedConfiguration } = await repository.read()
  const editedRules = applyEdit(rules, { name, script }, repository)
  const login = { user, context }
  const outcome = await runner.run({
    rules: toInputs(what === 'rule' ? editedRules.filter((rule) => rule.name === name) : editedRules),
    configuration: { ...savedConfiguration, ...configuration },
    login,
    ...(recording !== undefined && { recording: recordings.load(recording) }),
  })
  if (outcome === undefined) return tooManyRuns
  const preview = await buildPreview(login, outcome, settings)
  return reply({ outcome, preview } satisfies RunResponse)
}
