import { rulesetError } from '../ruleset/refusal.ts'
import type { DeployFiles } from './deploy-files.ts'
import type { ActionEntry, Triggers } from './entries.ts'
import type { DeployedAction } from './tenant.ts'

/** The triggers that an engine for logins runs. */
const ours = ['post-login', 'credentials-exchange']

/** What exports write where a secret's value would be. */
const notShown = '_VALUE_NOT_SHOWN_'

/** An action as it is listed, with the file that lists it. */
export interface ListedAction {
  readonly entry: ActionEntry
  readonly from: string
}

/**
 * Reads the actions that run at a login, in the order in which their trigger names them. Where the deployment says nothing
 * of triggers, each counts as bound to the first one that it supports.
 */
export function deployedActions(
  files: DeployFiles,
  listed: readonly ListedAction[],
  triggers: Triggers | undefined,
): { readonly actions: readonly DeployedAction[]; readonly leftOut: readonly string[] } {
  const actions: DeployedAction[] = []
  const leftOut: string[] = []
  for (const { entry, from } of listed) {
    const { name = '' } = entry
    const supported = entry.supported_triggers?.map(({ id }) => id) ?? ['post-login']
    const trigger = supported.find((id) => ours.includes(id))
    if (trigger === undefined) {
      leftOut.push(`The action "${name}" is for ${supported.join(', ')}, which is no part of a login.`)
      continue
    }
    const bound = triggers?.[trigger]
    const index = Array.isArray(bound) ? bound.findIndex(({ action_name }) => action_name === name) : -1
    actions.push({
      name,
      script: codeOf(files, entry, from),
      trigger,
      enabled: triggers === undefined || index >= 0,
      ...(index < 0 ? {} : { order: index + 1 }),
      secrets: secretsOf(entry),
      dependencies: (entry.dependencies ?? []).map((one) => `${one.name}@${one.version ?? 'latest'}`),
    })
  }
  return { actions: actions.toSorted(byOrder), leftOut }
}

/** The path is relative to the root; some wrote it relative to what is above, but the code lies beside the metadata. */
function codeOf(files: DeployFiles, { name = '', code = '' }: ActionEntry, from: string): string {
  const path = files.find([code, `actions/${name}/code.js`])
  if (path !== undefined) return files.text(path)
  throw rulesetError(`${from} names the code "${code}": expected a file inside "${files.root}".`, { file: from })
}

function secretsOf({ secrets = [] }: ActionEntry): Record<string, string> {
  if (typeof secrets === 'string') return {}
  return Object.fromEntries(secrets.map(({ name, value = '' }) => [name, value === notShown ? '' : value]))
}

function byOrder({ order: one = Infinity }: DeployedAction, { order: other = Infinity }: DeployedAction): number {
  return one === other ? 0 : one - other
}
