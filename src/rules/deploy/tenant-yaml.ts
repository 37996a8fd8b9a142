import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml'
import { rulesetError } from '../ruleset/refusal.ts'
import { deployedActions } from './actions.ts'
import type { DeployFiles } from './deploy-files.ts'
import { asTenant, type RuleEntry } from './entries.ts'
import { marker, quoteMarkers, replaceKeywords, type Mappings } from './keywords.ts'
import type { DeployedRule, Tenant } from './tenant.ts'

const parts = ['rules', 'rulesConfigs', 'actions', 'triggers'] as const

/** Where a part stands in the text. */
type Part = readonly [start: number, end: number]

/**
 * Reads the rules, their configuration and the actions out of a `tenant.yaml`. Its other parts may be anything: a keyword
 * that has no value there keeps nobody from importing rules.
 */
export function readTenantYaml(files: DeployFiles, file: string, mappings: Mappings): Omit<Tenant, 'unresolved'> {
  const text = quoteMarkers(replaceKeywords(readFileSync(join(files.root, file), 'utf8'), mappings))
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' })
  const found = partsOf(document)
  for (const part of found.values()) {
    refuseErrors(document, part, file)
    files.note(file, text, part)
  }
  const values = [...found.keys()].map((name) => [name, plain(document, name)] as const)
  const entries = asTenant(Object.fromEntries(values.filter(([, value]) => value !== null)), file)
  const listed = (entries.actions ?? []).map((entry) => ({ entry, from: file }))
  const configs = (entries.rulesConfigs ?? []).map(({ key = '', value = '' }) => [key, String(value)] as const)
  return {
    rules: (entries.rules ?? []).map((entry) => deployedRule(files, entry, file)),
    configuration: Object.fromEntries(configs),
    ...deployedActions(files, listed, entries.triggers),
  }
}

function plain(document: Document, name: string): unknown {
  const node: unknown = document.get(name, true)
  return isNode(node) ? (node.toJS(document) as unknown) : null
}

function partsOf({ contents }: Document): ReadonlyMap<string, Part> {
  if (!isMap(contents)) return new Map()
  const found = contents.items.flatMap(({ key }, index): [string, Part][] => {
    if (!isScalar(key) || !parts.some((name) => name === key.value)) return []
    const next = contents.items[index + 1]?.key
    const end = isNode(next) ? next.range?.[0] : undefined
    return [[String(key.value), [key.range?.[0] ?? 0, end ?? Infinity]]]
  })
  return new Map(found)
}

/** The parser's own message quotes the text, which may be a secret: only the place is taken from it. */
function refuseErrors({ errors }: Document, [start, end]: Part, file: string): void {
  // A value that begins with `@` is none to YAML; here it is a keyword that stays, and is named.
  const wrong = errors.find(({ code, pos }) => pos[0] >= start && pos[0] < end && code !== 'BAD_SCALAR_START')
  if (wrong === undefined) return
  const [place] = wrong.linePos ?? []
  const where = place === undefined ? '' : ` at line ${place.line} column ${place.col}`
  throw rulesetError(`${file} is not valid YAML${where}.`, { file })
}

function deployedRule(files: DeployFiles, entry: RuleEntry, from: string): DeployedRule {
  const { name = '', script = '', order, enabled, stage } = entry
  const path = files.find([script])
  if (path === undefined) {
    const hint = script.search(marker) >= 0 ? ', and its keyword has no value' : ''
    throw rulesetError(
      `${from} names the script "${script}" for the rule "${name}"${hint}: expected a file inside "${files.root}".`,
      { file: from, rule: name },
    )
  }
  return {
    name,
    script: files.text(path),
    ...(order === undefined ? {} : { order }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(stage === undefined ? {} : { stage }),
  }
}
