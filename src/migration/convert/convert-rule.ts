import { tokenizer } from 'acorn'
import { MagicString } from 'magic-string'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { loadRuleFile } from '../../rules/ruleset/ruleset.ts'
import { findConfigurationKeys } from '../../rules/analysis/configuration-keys.ts'
import { parseScript } from '../../rules/source/parsed-script.ts'
import { moduleGlobals } from '../../sandbox/modules/module-catalogue.ts'
import { parseSpecifier } from '../../sandbox/modules/specifier.ts'
import { contextView } from './context-view.ts'
import { rewrite } from './rewrite.ts'
import { matchRuleShape, type RuleShape } from './rule-shape.ts'

/** A rule as an action. */
export interface Conversion {
  readonly name: string
  /** Undefined if the rule cannot be rewritten; `differences` says why. */
  readonly script?: string
  /** Differences between the action and the rule. Each is a comment in the script, too. */
  readonly differences: readonly ConversionDifference[]
  /** The packages that it requires, as npm takes them. The script itself names no versions. */
  readonly dependencies: readonly string[]
  /** The keys that it reads from `event.secrets`, as far as its text shows them. */
  readonly secrets: readonly string[]
  /** Whether it redirects users, and continues when they return. */
  readonly hasRedirect: boolean
}

export interface ConversionDifference {
  readonly line: number
  readonly message: string
}

/** The script is parsed with a parenthesis before it, so offsets are one more than in the text. */
const openingLength = 1

/**
 * Rewrites a rule as an action, statement by statement. Code that does not concern logins stays as it is.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX if the file is not a rule
 */
export function convertRule(file: RuleFile): Conversion {
  const { expression, script } = loadRuleFile(file, { onError: 'deny', secrets: {} })
  const parsedScript = parseScript(expression)
  const ruleShape = matchRuleShape(parsedScript)
  if (ruleShape === undefined) {
    const message = 'only a rule that is one function (user, context, callback) can be rewritten'
    return { name: file.name, differences: [{ line: 1, message }], dependencies: [], secrets: [], hasRedirect: false }
  }
  const text = new MagicString(`(${expression}\n)`)
  const differences: ConversionDifference[] = []
  const names = rewrite(ruleShape, text, (node, message) => {
    differences.push({ line: parsedScript.locate(node).line, message })
  })
  const { requireLines, dependencies } = convertRequires(ruleShape, text)
  const { start, end } = ruleShape.rule.body
  const body = text.slice(start + 1, end - 1)
  const comments = extractComments(script.replace(/^\uFEFF/, '').slice(0, ruleShape.rule.start - openingLength))
  return {
    name: file.name,
    script: buildAction({ comments, requireLines, body: body.replace(/^\n|\s+$/g, ''), ruleShape, names }),
    differences: differences.toSorted((one, other) => one.line - other.line),
    dependencies,
    secrets: findConfigurationKeys(parsedScript, 'rule').map(({ key }) => key),
    hasRedirect: ruleShape.hasRedirect,
  }
}

/** Extracts the comments before a rule, without `module.exports =` and parentheses. */
function extractComments(before: string): string {
  const text = new MagicString(before)
  for (const { start, end } of tokenizer(before, { ecmaVersion: 'latest' })) if (end > start) text.remove(start, end)
  return text.toString().trim()
}

/** Converts the rule's requires: versions are removed, and modules that Auth0 put into its scope are required by name. */
function convertRequires(
  { parsedScript }: RuleShape,
  text: MagicString,
): { requireLines: string[]; dependencies: string[] } {
  const dependencies = new Set<string>()
  for (const node of parsedScript.freeNodes) {
    if (node.type !== 'Identifier' || node.name !== 'require') continue
    const [, quoted = ''] = /^\s*\(\s*(['"][^'"]+['"])/.exec(text.original.slice(node.end)) ?? []
    const { name, version, path = '' } = parseSpecifier(quoted.slice(1, -1)) ?? {}
    if (name === undefined) continue
    dependencies.add(version === undefined ? name : `${name}@${version}`)
    const at = text.original.indexOf(quoted, node.end)
    if (version !== undefined) text.overwrite(at, at + quoted.length, `'${name}${path}'`)
  }
  const requireLines = parsedScript.freeNames.flatMap((name) => {
    const packageName = /^require\('([^':]+)'\)$/.exec(moduleGlobals[name] ?? '')?.[1]
    if (packageName === undefined) return []
    dependencies.add(packageName)
    return [`const ${name} = require('${packageName}');`]
  })
  return { requireLines, dependencies: [...dependencies] }
}

interface ActionParts {
  readonly comments: string
  readonly requireLines: readonly string[]
  readonly body: string
  readonly ruleShape: RuleShape
  /** The helper functions that the body calls. */
  readonly names: ReadonlySet<string>
}

const continuation: readonly string[] = [
  '',
  '// The rule ran again when the user came back: this protocol said so, and no further redirect counted.',
  'exports.onContinuePostLogin = (event, api) => {',
  "  const transaction = { ...event.transaction, protocol: 'redirect-callback' };",
  '  const further = Object.create(api, { redirect: { value: { sendUserTo() {} } } });',
  '  return exports.onExecutePostLogin({ ...event, transaction }, further);',
  '};',
]

function buildAction({ comments, requireLines, body, ruleShape, names }: ActionParts): string {
  const { user, context, callback, isDirect, rule } = ruleShape
  const view = names.has('contextOf') ? contextView : []
  const before = [
    `  const ${user} = event.user;`,
    ...(view.length === 0 ? [] : [`  const ${context} = contextOf(event);`]),
    ...['User', 'App'].flatMap((kind) =>
      names.has(`update${kind}Metadata`)
        ? [
            `  const update${kind}Metadata = async (metadata) => {`,
            '    for (const [key, value] of Object.entries(metadata)) {',
            `      if (value !== undefined) api.user.set${kind}Metadata(key, value);`,
            '    }',
            '  };',
          ]
        : [],
    ),
  ]
  return [
    ...(comments === '' ? [] : [comments, '']),
    ...(requireLines.length === 0 ? [] : [...requireLines, '']),
    ...(view.length === 0 ? [] : [...view, '']),
    'exports.onExecutePostLogin = async (event, api) => {',
    ...before,
    ...(isDirect ? [body] : buildCallbackBody(body, callback, rule.async)),
    '};',
    ...(ruleShape.hasRedirect ? continuation : []),
    '',
  ].join('\n')
}

/** Builds a body whose callback is called later: the action waits for the first call, and denies the login on an error. */
function buildCallbackBody(body: string, callback: string, isAsync: boolean): string[] {
  return [
    `  const refusal = await new Promise((${callback}${isAsync ? ', reject' : ''}) => {`,
    ...(isAsync ? ['    (async () => {', body, '    })().catch(reject);'] : [body]),
    '  });',
    '  if (refusal) api.access.deny(refusal.message ?? String(refusal));',
  ]
}
