import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml'
import { createRulesetError } from '../ruleset/rule-errors.ts'
import { toDeployedActions } from './to-deployed-actions.ts'
import type { DeployFiles } from './deploy-files.ts'
import { validateTenantEntries, type RuleEntry } from './entries.ts'
import { keywordPattern, quoteKeywords, replaceKeywords, type Mappings } from './keywords.ts'
import type { DeployedRule, Tenant } from './tenant.ts'

const partNames = ['rules', 'rulesConfigs', 'actions', 'triggers'] as const

/** Offsets of a part in the text. */
type PartRange = readonly [start: number, end: number]

/**
 * Reads the rules, their configuration and the actions from a `tenant.yaml`.
 *
 * Its other parts are not checked: an unresolved keyword there does not prevent the import of rules.
 */
export function readTenantYaml(
  files: DeployFiles,
  file: string,
  mappings: Mappings,
): Omit<Tenant, 'unresolvedKeywords'> {
  const text = quoteKeywords(replaceKeywords(readFileSync(join(files.root, file), 'utf8'), mappings))
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' })
  const partRanges = findPartRanges(document)
  for (const part of partRanges.values()) {
    assertValidYaml(document, part, file)
    files.collectKeywords(file, text, part)
  }
  const values = [...partRanges.keys()].map((name) => [name, toPlain(document, name)] as const)
  const entries = validateTenantEntries(Object.fromEntries(values.filter(([, value]) => value !== null)), file)
  const actionListings = (entries.actions ?? []).map((entry) => ({ entry, from: file }))
  const configEntries = (entries.rulesConfigs ?? []).map(({ key, value = '' }) => [key, String(value)] as const)
  return {
    rules: (entries.rules ?? []).map((entry) => toDeployedRule(files, entry, file)),
    configuration: Object.fromEntries(configEntries),
    ...toDeployedActions(files, actionListings, entries.triggers),
  }
}

function toPlain(document: Document, name: string): unknown {
  const node: unknown = document.get(name, true)
  return isNode(node) ? (node.toJS(document) as unknown) : null
}

function findPartRanges({ contents }: Document): ReadonlyMap<string, PartRange> {
  if (!isMap(contents)) return new Map()
  const entries = contents.items.flatMap(({ key }, index): [string, PartRange][] => {
    if (!isScalar(key) || !partNames.some((name) => name === key.value)) return []
    const next = contents.items[index + 1]?.key
    const end = isNode(next) ? next.range?.[0] : undefined
    return [[String(key.value), [key.range?.[0] ?? 0, end ?? Infinity]]]
  })
  return new Map(entries)
}

/** The parser's own message quotes the text, which may be a secret. Only the position is taken from it. */
function assertValidYaml({ errors }: Document, [start, end]: PartRange, file: string): void {
  // YAML has no value that begins with `@`. Here it is an unresolved keyword, which is reported separately.
  const yamlError = errors.find(({ code, pos }) => pos[0] >= start && pos[0] < end && code !== 'BAD_SCALAR_START')
  if (yamlError === undefined) return
  const [position] = yamlError.linePos ?? []
  const where = position === undefined ? '' : ` at line ${position.line} column ${position.col}`
  throw createRulesetError(`${file} is not valid YAML${where}.`, { file })
}

function toDeployedRule(files: DeployFiles, entry: RuleEntry, from: string): DeployedRule {
  const { name = '', script = '', order, enabled, stage } = entry
  const path = files.find([script])
  if (path === undefined) {
    const hint = script.search(keywordPattern) >= 0 ? ', and its keyword has no value' : ''
    throw createRulesetError(
      `${from} names the script "${script}" for the rule "${name}"${hint}: expected a file inside "${files.root}".`,
      { file: from, rule: name },
    )
  }
  return {
    name,
    script: files.readText(path),
    ...(order === undefined ? {} : { order }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(stage === undefined ? {} : { stage }),
  }
}
