import { type Trigger, parseAction, isLikelyAction } from '../source/dialect.ts'
import { parseRuleExpression } from '../source/parse-rule-expression.ts'
import { readFolder, resolveFolder, type FolderContent } from '../folder/read-folder.ts'
import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { type BoundSecret, bindSecrets } from './bind-secrets.ts'
import { createScriptSizeError } from '../folder/read-rules.ts'
import { hashRuleset } from './hash-ruleset.ts'
import { type RuleDependencies, findDependencies } from '../analysis/dependencies.ts'
import { validateRulesetOptions, validateRuleInput, type RulesetOptions } from './ruleset-options.ts'
import { createRulesetError } from './rule-errors.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { stripTypes } from '../source/strip-types.ts'

/** One rule or action, ready to be compiled. */
export interface LoadedRule {
  readonly name: string
  readonly kind: 'rule' | 'action'
  /** When an action is called. A rule is always called after a login. */
  readonly triggers: readonly Trigger[]
  /** An action's `event.secrets`, with placeholders of secrets for hosts. */
  readonly secrets: Readonly<Record<string, string>>
  readonly boundSecrets: readonly BoundSecret[]
  /**
   * One JavaScript expression whose value is a function, to be compiled as a sloppy script: the rule itself, or for an
   * action a function of `module` and `exports`. Its lines and columns are those of the file: text before it is blank, text
   * after it is cut off.
   */
  readonly expression: string
  /** JavaScript, as given; for a TypeScript rule, without its types. */
  readonly script: string
  /** For stack traces: the path as the caller gave it, or the rule's name with `.js`. */
  readonly filename: string
  readonly onError: 'deny' | 'skip'
  /** The only hosts that it may call; absent if it declares none. */
  readonly hosts?: readonly string[]
  readonly dependencies: RuleDependencies
}

/** Rules in the order in which they run, with their configuration. Immutable, and replaced as a whole. */
export interface Ruleset {
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string
  readonly rules: readonly LoadedRule[]
  /** With placeholders of secrets for hosts. */
  readonly configuration: Readonly<Record<string, string>>
  /** Those of the configuration. */
  readonly boundSecrets: readonly BoundSecret[]
  readonly realm: 'hardened' | 'fresh'
  /** The folder of the rules, in or above which their `node_modules` may be. */
  readonly folder?: string
}

/**
 * Reads, checks and sorts rules from a folder, a file or an array.
 *
 * The order is ascending. Rules without an order come last; ties stay as given (in a folder: by file name). Actions come
 * after all rules. Disabled rules are omitted.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX with details `rule`, `file`, `line` and `column` if a text is not a rule;
 * INVALID_RULESET if anything else is wrong
 */
export function loadRuleset(options: RulesetOptions): Ruleset {
  const {
    rules,
    configuration,
    secrets = {},
    onError = 'deny',
    realm = 'hardened',
    maxSourceBytes = 100_000,
  } = validateRulesetOptions(options)
  const folderContent =
    typeof rules === 'string' ? readFolder(rules, maxSourceBytes) : toFolderContent(rules, maxSourceBytes)
  assertUniqueNames(folderContent.rules)
  const enabled = folderContent.rules.filter((rule) => rule.enabled !== false)
  const loadedRules = sortByOrder(enabled).map((rule) => loadRuleFile(rule, { onError, secrets }))
  const bound = bindSecrets({ ...folderContent.configuration, ...configuration }, 'configuration')
  const content = {
    rules: Object.freeze([...loadedRules.filter(isRule), ...loadedRules.filter((rule) => !isRule(rule))]),
    configuration: Object.freeze(bound.values),
    realm,
  }
  const folder = typeof rules === 'string' ? { folder: resolveFolder(rules) } : {}
  return Object.freeze({ hash: hashRuleset(content), ...content, boundSecrets: bound.boundSecrets, ...folder })
}

function toFolderContent(rules: readonly unknown[], maxSourceBytes: number): FolderContent {
  const files = rules.map((value, index) => {
    const rule = validateRuleInput(value, index)
    const bytes = Buffer.byteLength(rule.script)
    if (bytes > maxSourceBytes) throw createScriptSizeError(rule.name, bytes, maxSourceBytes)
    return { ...rule, file: rule.filename ?? `${rule.name}.js` }
  })
  return { rules: files, configuration: {} }
}

function isRule({ kind }: LoadedRule): boolean {
  return kind === 'rule'
}

/** A rule and the action made of it may have the same name. */
function assertUniqueNames(rules: readonly RuleFile[]): void {
  const filesByName = new Map<string, string>()
  for (const { name, file, script } of rules) {
    const key = `${isLikelyAction(script) ? 'action' : 'rule'} ${name}`
    const other = filesByName.get(key)
    const where = other === file ? '' : ` (${other} and ${file})`
    const message = `Two rules are called "${name}"${where}: expected every name once.`
    if (other !== undefined) throw createRulesetError(message, { rule: name, field: 'name' })
    filesByName.set(key, file)
  }
}

/** Sorts rules in the order in which they run. */
export function sortByOrder<Rule extends Pick<RuleFile, 'order'>>(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted(({ order: one = Infinity }, { order: other = Infinity }) => (one === other ? 0 : one - other))
}

/**
 * Parses one rule's text.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX if the text is not a rule or an action
 */
export function loadRuleFile(
  rule: RuleFile,
  defaults: { readonly onError: 'deny' | 'skip'; readonly secrets: Readonly<Record<string, ConfiguredValue>> },
): LoadedRule {
  const script = rule.file.endsWith('.ts') ? stripTypes(rule) : rule
  const action = parseAction(script)
  const expression = action?.expression ?? parseRuleExpression(script)
  const triggers: readonly Trigger[] = action?.triggers ?? ['post-login']
  const { values, boundSecrets } = bindSecrets(
    action === undefined ? {} : { ...rule.secrets, ...defaults.secrets },
    'secrets',
  )
  return Object.freeze({
    name: rule.name,
    kind: action === undefined ? 'rule' : 'action',
    triggers,
    secrets: values,
    boundSecrets,
    expression,
    script: script.script,
    filename: rule.file,
    onError: rule.onError ?? defaults.onError,
    ...(rule.hosts === undefined ? {} : { hosts: Object.freeze([...rule.hosts]) }),
    dependencies: findDependencies(expression),
  })
}
