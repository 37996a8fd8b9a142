import { createRulesetError } from '../ruleset/rule-errors.ts'
import type { DeployFiles } from './deploy-files.ts'
import type { ActionEntry, Triggers } from './entries.ts'
import type { DeployedAction } from './tenant.ts'

/** The triggers of a login. */
const supportedTriggerIds = ['post-login', 'credentials-exchange']

/** Exports write this instead of a secret's value. */
const hiddenValue = '_VALUE_NOT_SHOWN_'

/** An action's entry, and the file that lists it. */
export interface ActionListing {
  readonly entry: ActionEntry
  readonly from: string
}

/**
 * Reads the actions that run at a login, in the order that their trigger gives.
 *
 * If the deployment has no triggers, each action is enabled for the first trigger that it supports.
 */
export function toDeployedActions(
  files: DeployFiles,
  actionListings: readonly ActionListing[],
  triggers: Triggers | undefined,
): { readonly actions: readonly DeployedAction[]; readonly omissions: readonly string[] } {
  const actions: DeployedAction[] = []
  const omissions: string[] = []
  for (const { entry, from } of actionListings) {
    const { name = '' } = entry
    const triggerIds = entry.supported_triggers?.map(({ id }) => id) ?? ['post-login']
    const trigger = triggerIds.find((id) => supportedTriggerIds.includes(id))
    if (trigger === undefined) {
      omissions.push(`The action "${name}" is for ${triggerIds.join(', ')}, which is no part of a login.`)
      continue
    }
    const boundActions = triggers?.[trigger]
    const index = Array.isArray(boundActions) ? boundActions.findIndex(({ action_name }) => action_name === name) : -1
    actions.push({
      name,
      script: readCode(files, entry, from),
      trigger,
      enabled: triggers === undefined || index >= 0,
      ...(index < 0 ? {} : { order: index + 1 }),
      secrets: toSecrets(entry),
      dependencies: (entry.dependencies ?? []).map((one) => `${one.name}@${one.version ?? 'latest'}`),
    })
  }
  return { actions: actions.toSorted(compareOrder), omissions }
}

/** The path is relative to the root. Some exports made it relative to a parent folder; the code then lies beside the metadata. */
function readCode(files: DeployFiles, { name = '', code = '' }: ActionEntry, from: string): string {
  const path = files.find([code, `actions/${name}/code.js`])
  if (path !== undefined) return files.readText(path)
  throw createRulesetError(`${from} names the code "${code}": expected a file inside "${files.root}".`, { file: from })
}

function toSecrets({ secrets = [] }: ActionEntry): Record<string, string> {
  if (typeof secrets === 'string') return {}
  return Object.fromEntries(secrets.map(({ name, value = '' }) => [name, value === hiddenValue ? '' : value]))
}

function compareOrder({ order: one = Infinity }: DeployedAction, { order: other = Infinity }: DeployedAction): number {
  return one === other ? 0 : one - other
}
