import { type Trigger, actionSource, looksLikeAction } from '../source/dialect.ts'
import { ruleExpression } from '../source/expression.ts'
import { readFolder, folderOf, type FolderContent } from '../folder/folder.ts'
import { tooLong } from '../folder/folder-rules.ts'
import { hashOf } from './hash.ts'
import { type RuleNeeds, needsOf } from '../analysis/needs.ts'
import { checkedOptions, checkedRule, type RulesetOptions } from './options.ts'
import { rulesetError } from './refusal.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { withoutTypes } from '../source/typescript.ts'

/** One rule or action, ready to be compiled. */
export interface RuleSource {
  readonly name: string
  readonly kind: 'rule' | 'action'
  /** When an action is called; a rule is always called after a login. */
  readonly triggers: readonly Trigger[]
  /** What an action finds in `event.secrets`. */
  readonly secrets: Readonly<Record<string, string>>
  /**
   * One JavaScript expression whose value is a function, to be compiled as a sloppy script: the rule itself, or for an
   * action what is given `module` and `exports`. Its lines and columns are
   * those of the file: what stood before it is blank, what stood after it is cut off.
   */
  readonly expression: string
  /** JavaScript, as it was given; a TypeScript rule without its types. */
  readonly script: string
  /** For stack traces: the path as the caller gave it, or the rule's name with `.js`. */
  readonly filename: string
  readonly onError: 'deny' | 'skip'
  readonly needs: RuleNeeds
}

/** Rules in the order in which they run, with what they need: immutable, and swapped as a whole. */
export interface Ruleset {
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string
  readonly rules: readonly RuleSource[]
  readonly configuration: Readonly<Record<string, string>>
  readonly realm: 'hardened' | 'fresh'
  /** Where the rules' own `node_modules` may be: the folder that they came from. */
  readonly folder?: string
}

/**
 * Reads and checks rules, from a folder, a file or an array, and puts them in order: ascending, those without an order
 * last, ties as they were given (in a folder: by file name). Actions come after all rules. Disabled rules are left out.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX with details `rule`, `file`, `line` and `column`; INVALID_RULESET for all else
 */
export function loadRuleset(options: RulesetOptions): Ruleset {
  const {
    rules,
    configuration,
    secrets = {},
    onError = 'deny',
    realm = 'hardened',
    maxSourceBytes = 100_000,
  } = checkedOptions(options)
  const given = typeof rules === 'string' ? readFolder(rules, maxSourceBytes) : fromArray(rules, maxSourceBytes)
  refuseSameNames(given.rules)
  const enabled = given.rules.filter((rule) => rule.enabled !== false)
  const sources = inOrder(enabled).map((rule) => sourceOf(rule, { onError, secrets }))
  const content = {
    rules: Object.freeze([...sources.filter(isRule), ...sources.filter((source) => !isRule(source))]),
    configuration: Object.freeze({ ...given.configuration, ...configuration }),
    realm,
  }
  const folder = typeof rules === 'string' ? { folder: folderOf(rules) } : {}
  return Object.freeze({ hash: hashOf(content), ...content, ...folder })
}

function fromArray(rules: readonly unknown[], maxSourceBytes: number): FolderContent {
  const files = rules.map((value, index) => {
    const rule = checkedRule(value, index)
    const bytes = Buffer.byteLength(rule.script)
    if (bytes > maxSourceBytes) throw tooLong(rule.name, bytes, maxSourceBytes)
    return { ...rule, file: rule.filename ?? `${rule.name}.js` }
  })
  return { rules: files, configuration: {} }
}

function isRule({ kind }: RuleSource): boolean {
  return kind === 'rule'
}

/** A rule and the action that it became may go by one name. */
function refuseSameNames(rules: readonly RuleFile[]): void {
  const seen = new Map<string, string>()
  for (const { name, file, script } of rules) {
    const key = `${looksLikeAction(script) ? 'action' : 'rule'} ${name}`
    const other = seen.get(key)
    const where = other === file ? '' : ` (${other} and ${file})`
    const message = `Two rules are called "${name}"${where}: expected every name once.`
    if (other !== undefined) throw rulesetError(message, { rule: name, field: 'name' })
    seen.set(key, file)
  }
}

/** Rules in the order in which they run. */
export function inOrder<Rule extends Pick<RuleFile, 'order'>>(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted(({ order: one = Infinity }, { order: other = Infinity }) => (one === other ? 0 : one - other))
}

/**
 * Reads one rule's text.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX
 */
export function sourceOf(
  rule: RuleFile,
  defaults: { readonly onError: 'deny' | 'skip'; readonly secrets: Readonly<Record<string, string>> },
): RuleSource {
  const script = rule.file.endsWith('.ts') ? withoutTypes(rule) : rule
  const action = actionSource(script)
  const expression = action?.expression ?? ruleExpression(script)
  const triggers: readonly Trigger[] = action?.triggers ?? ['post-login']
  return Object.freeze({
    name: rule.name,
    kind: action === undefined ? 'rule' : 'action',
    triggers,
    secrets: action === undefined ? {} : { ...rule.secrets, ...defaults.secrets },
    expression,
    script: script.script,
    filename: rule.file,
    onError: rule.onError ?? defaults.onError,
    needs: needsOf(expression),
  })
}
