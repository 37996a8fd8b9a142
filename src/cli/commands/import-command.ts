import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { styleText } from 'node:util'
import { checkRules } from '../../migration/check/check-rules.ts'
import type { CheckReport } from '../../migration/check/report.ts'
import { readDeployment } from '../../rules/deploy/read-deployment.ts'
import { toRulesFolder } from '../../rules/deploy/to-rules-folder.ts'
import type { Tenant } from '../../rules/deploy/tenant.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type StoreImport, importIntoStore, openEmptyStore } from './import-into-store.ts'
import { formatCount } from '../print/format-count.ts'
import { toPlainText } from '../print/to-plain-text.ts'
import { formatInstallCommand } from '../print/print-check.ts'
import { assertEmptyFolder, assertPath } from '../flags/assert-path.ts'
import { readJsonObject } from '../flags/read-json.ts'

/** What auth0-deploy-cli's own configuration file calls the mappings. */
const mappingsName = 'AUTH0_KEYWORD_REPLACE_MAPPINGS'

export interface ImportFlags {
  readonly to: string
  readonly mappings?: string
  readonly store?: string
}

/**
 * `claimsmith import`: writes the rules of a deployment into a folder, and into a store if one is named.
 *
 * Prints what is left to do, and resolves to the exit code.
 */
export async function runImportCommand(from: string, { to, mappings, store }: ImportFlags): Promise<number> {
  assertPath('file or folder', from)
  assertEmptyFolder(to, '--to')
  const tenant = readDeployment(from, mappings === undefined ? {} : readMappings(mappings))
  const storeImport = store === undefined ? undefined : await fillStore(store, tenant)
  writeRules(to, tenant)
  const { lines, isRunnable } = describeRemainingWork(tenant, to)
  const storeNotes = (storeImport?.lines ?? []).map(formatTodo)
  process.stdout.write(
    [...describeImport(tenant, to, storeImport?.isStored === true), '', ...storeNotes, ...lines, ''].join('\n'),
  )
  return isRunnable && storeImport?.isStored !== false ? 0 : 1
}

async function fillStore(url: string, tenant: Tenant): Promise<StoreImport> {
  const store = await openEmptyStore(url)
  try {
    return await importIntoStore(tenant, store)
  } finally {
    await store.close()
  }
}

function readMappings(file: string): Record<string, unknown> {
  const object = readJsonObject(file, '--mappings')
  const inner = object[mappingsName]
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : object
}

function writeRules(to: string, tenant: Tenant): void {
  for (const { path, text, isSecret } of toRulesFolder(tenant)) {
    const file = join(to, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'wx', ...(isSecret ? { mode: 0o600 } : {}) })
  }
}

function describeImport({ rules, actions, configuration }: Tenant, to: string, isStored: boolean): string[] {
  const values = Object.keys(configuration).length
  const parts = [
    formatCount(rules.length, 'rule'),
    ...(actions.length === 0 ? [] : [formatCount(actions.length, 'action')]),
    ...(values === 0 ? [] : [formatCount(values, 'configuration value')]),
  ]
  const destination = isStored ? `${to}; rules and configuration also in the store` : to
  const verb = parts.length === 1 && rules.length === 1 ? 'is' : 'are'
  return [`${styleText('green', '✓')} ${parts.join(', ')} ${verb} in ${destination}`]
}

function formatTodo(text: string): string {
  return `${styleText('yellow', '!')} ${toPlainText(text)}`
}

/** Lists what the user still has to do, and says whether the rules run without it. */
function describeRemainingWork(tenant: Tenant, to: string): { lines: string[]; isRunnable: boolean } {
  const { unresolvedKeywords, omissions, actions } = tenant
  const keywords = unresolvedKeywords.map(({ marker, file, line }) =>
    formatTodo(`${file}:${line}: ${marker} has no value: add it to a file for --mappings, and import again`),
  )
  const missingSecrets = actions.flatMap(({ name, secrets }) =>
    Object.entries(secrets).flatMap(([key, value]) =>
      value === ''
        ? [formatTodo(`The action "${name}" needs its secret ${key}: exports do not hold the values of secrets`)]
        : [],
    ),
  )
  const notes = [...omissions.map(formatTodo), ...keywords, ...missingSecrets]
  const report = checkFolder(to)
  if (typeof report === 'string') return { lines: [...notes, formatTodo(report)], isRunnable: false }
  const { verdict, missingConfiguration, install } = report
  const packages = [...new Set([...actions.flatMap(({ dependencies }) => dependencies), ...install])]
  return {
    isRunnable: verdict !== 'will not run',
    lines: [
      ...notes,
      ...listSyntaxErrors(report, unresolvedKeywords).map(formatTodo),
      ...missingConfiguration.map((key) => formatTodo(`configuration.json has no ${key}, which a rule reads`)),
      ...(packages.length === 0 ? [] : [formatTodo(formatInstallCommand(packages, to))]),
      `${summarizeVerdict(report)}; claimsmith check ${to} shows more`,
    ],
  }
}

/** Lists the syntax errors of enabled rules. A keyword that was not replaced is one, and has a line already. */
function listSyntaxErrors({ rules }: CheckReport, keywords: Tenant['unresolvedKeywords']): string[] {
  return rules.flatMap(({ file, enabled, findings }) =>
    findings
      .filter(({ kind, message }) => {
        return enabled && kind === 'syntax' && !keywords.some(({ marker }) => message.includes(marker))
      })
      .map(
        ({ message, line, column }) => `${file}:${line}:${column}: ${message}; correct it: until then, no rule runs`,
      ),
  )
}

/** Says how many rules have the worst verdict. */
function summarizeVerdict({ verdict, rules }: CheckReport): string {
  if (verdict === 'runs') return 'all rules run'
  const { length: count } = rules.filter((rule) => rule.enabled && rule.verdict === verdict)
  return `${formatCount(count, 'rule')} ${count === 1 ? verdict : verdict.replace('runs', 'run')}`
}

/** Checks the written rules; returns the error message if that is not possible. */
function checkFolder(to: string): ReturnType<typeof checkRules> | string {
  try {
    return checkRules(to)
  } catch (error) {
    if (error instanceof ClaimsmithError) return error.message
    throw error
  }
}
