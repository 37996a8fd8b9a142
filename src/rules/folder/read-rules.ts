import { readFileSync, statSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { isFile } from './folder-files.ts'
import { createRulesetError } from '../ruleset/rule-errors.ts'
import type { RuleFile } from './rule-file.ts'
import { readMetadata, isLoginStage, toSecretMap, type RuleMetadata } from './rule-metadata.ts'

/** A folder of rules. No rule may be read from outside `root`. */
export interface RuleFolder {
  readonly root: string
  readonly folder: string
  /** The names of the folder's files, sorted. */
  readonly files: readonly string[]
}

/** JSON files that describe no rule: those of tools, and the configuration. */
const otherJsonPattern = /^(configuration|package(-lock)?|[tj]sconfig(\..*)?)\.json$/

/**
 * Reads the rules of a folder, in the order of the file names.
 *
 * Every `.js` and `.ts` file is a rule, and `NAME.json` beside it may describe it. If a JSON file names a `script`, the
 * folder is one of auth0-deploy-cli: then only files that a JSON file describes are rules.
 */
export function readRules(ruleFolder: RuleFolder, maxSourceBytes: number): readonly RuleFile[] {
  const metadata = new Map(
    ruleFolder.files
      .filter((file) => extname(file) === '.json' && !otherJsonPattern.test(file))
      .map((file) => [basename(file, '.json'), readMetadata(join(ruleFolder.folder, file))]),
  )
  const scripts = ruleFolder.files.filter(isRuleScript)
  const siblings = scripts.map((script) => ({ base: getBaseName(script), file: join(ruleFolder.folder, script) }))
  const namedScripts = [...metadata].flatMap(([base, { script }]) =>
    script === undefined ? [] : [{ base, file: resolveScript(ruleFolder, base, script) }],
  )
  const describedScripts = siblings.filter(({ base }) => metadata.has(base) && metadata.get(base)?.script === undefined)
  const orphan = [...metadata].find(
    ([base, ruleMetadata]) => hasRuleSettings(ruleMetadata) && !siblings.some((rule) => rule.base === base),
  )
  if (orphan !== undefined) throw createOrphanError(ruleFolder.folder, orphan[0])
  const ruleScripts =
    namedScripts.length === 0 ? siblings : [...namedScripts, ...describedScripts].toSorted(compareBaseNames)
  return ruleScripts.map(({ base, file }) =>
    applyMetadata(base, readScript(base, file, maxSourceBytes), metadata.get(base)),
  )
}

/** Reads one file as a rule; a JSON file beside it is ignored. */
export function readScript(name: string, file: string, maxSourceBytes: number): RuleFile {
  const bytes = statSync(file).size
  if (bytes > maxSourceBytes) throw createScriptSizeError(name, bytes, maxSourceBytes)
  return { name, file, script: readFileSync(file, 'utf8') }
}

export function createScriptSizeError(name: string, bytes: number, maxSourceBytes: number): Error {
  const message = `The script of the rule "${name}" has ${bytes} bytes: expected at most ${maxSourceBytes}.`
  return createRulesetError(message, { rule: name, field: 'script', maxSourceBytes })
}

export function hasRuleExtension(file: string): boolean {
  return /\.[jt]s$/.test(file) && !file.endsWith('.d.ts')
}

export function getBaseName(file: string): string {
  return basename(file, extname(file))
}

function isRuleScript(file: string): boolean {
  return hasRuleExtension(file) && !/\.(test|spec)\./.test(file)
}

/** auth0-deploy-cli writes the path relative to the folder, or to the root. */
export function resolveScript(
  { root, folder }: Pick<RuleFolder, 'root' | 'folder'>,
  base: string,
  script: string,
  field: 'script' | 'code' = 'script',
): string {
  const file = [join(folder, script), join(root, script)].find(isFile)
  const isInside = file !== undefined && !relative(root, file).startsWith('..')
  if (isInside) return file
  const message = `${join(folder, base)}.json names the ${field} "${script}": expected a file inside "${root}".`
  throw createRulesetError(message, { rule: base, field })
}

/** Whether a JSON file must be meant for a rule beside it. Other JSON files may lie in the folder. */
function hasRuleSettings({ script, enabled, onError, order, stage, hosts }: RuleMetadata): boolean {
  if (script !== undefined) return false
  return [enabled, onError, order, stage, hosts].some((one) => one !== undefined)
}

/** An error, because the file may have been meant to disable a rule, which would run. */
function createOrphanError(folder: string, base: string): Error {
  const message = `${join(folder, base)}.json describes no rule: expected ${base}.js or ${base}.ts beside it.`
  return createRulesetError(message, { rule: base })
}

function applyMetadata(base: string, rule: RuleFile, metadata: RuleMetadata = {}): RuleFile {
  const order = metadata.order ?? parseLeadingNumber(base)
  return {
    ...rule,
    name: metadata.name ?? base,
    enabled: metadata.enabled !== false && isLoginStage(metadata),
    ...(order === undefined ? {} : { order }),
    ...(metadata.onError === undefined ? {} : { onError: metadata.onError }),
    ...(metadata.hosts === undefined ? {} : { hosts: metadata.hosts }),
    ...(metadata.secrets === undefined ? {} : { secrets: toSecretMap(metadata.secrets) }),
  }
}

/** Parses the order from a file name: 10 from `010-add-roles`; `2fa` has none. */
export function parseLeadingNumber(base: string): number | undefined {
  const digits = /^\d+(?=[-_. ]|$)/.exec(base)?.[0]
  return digits === undefined ? undefined : Number(digits)
}

function compareBaseNames(one: { base: string }, other: { base: string }): number {
  return one.base < other.base ? -1 : Number(one.base > other.base)
}
