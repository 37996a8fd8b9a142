import type { UserAndContext } from '../../engine/run/login-text.ts'
import { type Answer, answer, refuse } from '../../http/management/answer.ts'
import type { RunAnswer } from '../http/answers.ts'
import { previewOf } from './preview.ts'
import { toInputs } from './rule-inputs.ts'
import { asSaved } from '../rules/rules-home.ts'
import type { Services } from '../http/services.ts'

/** What the page wants to be run. */
export interface RunRequest extends UserAndContext {
  /** The edited rule alone, or all rules with it in its place. */
  readonly what: 'rule' | 'pipeline'
  readonly name: string
  readonly script: string
  /** Laid over the configuration that the rules have. */
  readonly configuration?: Readonly<Record<string, string>>
  /** The recorded login whose answers, time and chance the rules find. */
  readonly recording?: string
}

export const tooBusy = refuse(429, undefined, 'Too many runs are waiting already; try again in a moment.')

/** Runs it, and shows what clients would get. @throws {ClaimsmithError} RULE_SYNTAX, INVALID_RULESET, INVALID_LOGIN */
export async function ran(
  { what, name, script, user, context, configuration = {}, recording }: RunRequest,
  { home, runner, settings, recordings }: Services,
): Promise<Answer> {
  const { rules, configuration: served } = await home.read()
  const saved = asSaved(rules, { name, script }, home)
  const login = { user, context }
  const outcome = await runner.run({
    rules: toInputs(what === 'rule' ? saved.filter((rule) => rule.name === name) : saved),
    configuration: { ...served, ...configuration },
    login,
    ...(recording !== undefined && { recorded: recordings.load(recording) }),
  })
  if (outcome === undefined) return tooBusy
  const preview = await previewOf(login, outcome, settings)
  return answer({ outcome, preview } satisfies RunAnswer)
}
