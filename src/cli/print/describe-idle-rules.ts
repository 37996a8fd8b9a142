import { readFolder } from '../../rules/folder/read-folder.ts'
import { loadRuleFile } from '../../rules/ruleset/ruleset.ts'
import { toPlainText } from './to-plain-text.ts'

const maxSourceBytes = 100_000

/**
 * Says why no rule at a path runs in a login: which are disabled, and which are not for logins.
 *
 * Empty if some rule does. The rules are known to load.
 */
export function describeIdleRules(path: string): string[] {
  const { rules } = readFolder(path, maxSourceBytes)
  const disabled = rules.filter(({ enabled }) => enabled === false)
  const others = rules.filter(({ enabled }) => enabled !== false)
  const defaults = { onError: 'deny', secrets: {} } as const
  if (others.some((rule) => loadRuleFile(rule, defaults).triggers.includes('post-login'))) return []
  const listNames = (list: readonly { readonly name: string }[]): string =>
    toPlainText(list.map(({ name }) => name).join(', '))
  return [
    'No rule runs in a login:',
    ...(disabled.length === 0 ? [] : [`  disabled: ${listNames(disabled)}`]),
    ...(others.length === 0
      ? []
      : [
          `  not for logins: ${listNames(others)}`,
          '  Actions of credentials-exchange run without a user: engine.exchangeCredentials',
        ]),
  ]
}
