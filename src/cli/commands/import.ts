import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { checkRules } from '../../migration/check/check-rules.ts'
import { readDeployment } from '../../rules/deploy/read-deployment.ts'
import { rulesFolder } from '../../rules/deploy/rules-folder.ts'
import type { Tenant } from '../../rules/deploy/tenant.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type StoreImport, importIntoStore, openEmptyStore } from './import-into-store.ts'
import { plainText } from '../print/plain-text.ts'
import { installLine } from '../print/print-check.ts'
import { readJsonObject } from '../flags/read-json.ts'
import { UsageError } from '../print/usage.ts'

/** What auth0-deploy-cli's own configuration file calls the mappings. */
const mappingsName = 'AUTH0_KEYWORD_REPLACE_MAPPINGS'

/**
 * `claimsmith import`: makes a folder of rules of a deployment, fills a store where one is named, and says what is left to do;
 * answers the exit code.
 */
export async function importRules(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string', default: 'claimsmith-rules' },
      mappings: { type: 'string' },
      store: { type: 'string' },
    },
  })
  const [from, ...more] = positionals
  if (from === undefined || more.length > 0) {
    throw new UsageError('import takes one folder of auth0-deploy-cli, or its tenant.yaml')
  }
  const { to, mappings } = values
  refuseFilled(to)
  const tenant = readDeployment(from, mappings === undefined ? {} : mappingsOf(mappings))
  const inStore = values.store === undefined ? undefined : await fillStore(values.store, tenant)
  write(to, tenant)
  const { lines, runs } = leftToDo(tenant, to)
  const ofStore = (inStore?.lines ?? []).map(todo)
  process.stdout.write([...imported(tenant, to, inStore?.stored === true), '', ...ofStore, ...lines, ''].join('\n'))
  return runs && inStore?.stored !== false ? 0 : 1
}

async function fillStore(url: string, tenant: Tenant): Promise<StoreImport> {
  const store = await openEmptyStore(url)
  try {
    return await importIntoStore(tenant, store)
  } finally {
    await store.close()
  }
}

function mappingsOf(file: string): Record<string, unknown> {
  const object = readJsonObject(file, '--mappings')
  const inner = object[mappingsName]
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : object
}

function refuseFilled(to: string): void {
  if (!existsSync(to)) return
  if (!isFolder(to)) throw new UsageError(`--to ${to}: there is a file; name a folder`)
  if (readdirSync(to).length > 0) {
    throw new UsageError(`--to ${to}: the folder is not empty, and nothing is overwritten; empty it, or name another`)
  }
}

function write(to: string, tenant: Tenant): void {
  for (const { path, text, secret } of rulesFolder(tenant)) {
    const file = join(to, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'wx', ...(secret ? { mode: 0o600 } : {}) })
  }
}

function imported({ rules, actions, configuration }: Tenant, to: string, stored: boolean): string[] {
  const count = (number: number, what: string): string => `${number} ${number === 1 ? what : `${what}s`}`
  const values = Object.keys(configuration).length
  const parts = [
    count(rules.length, 'rule'),
    ...(actions.length === 0 ? [] : [count(actions.length, 'action')]),
    ...(values === 0 ? [] : [count(values, 'configuration value')]),
  ]
  const place = stored ? `${to}; rules and configuration also in the store` : to
  return [`${styleText('green', '✓')} ${parts.join(', ')} are in ${place}`]
}

function todo(text: string): string {
  return `${styleText('yellow', '!')} ${plainText(text)}`
}

/** What a person has yet to do, and whether the rules run before that. */
function leftToDo(tenant: Tenant, to: string): { lines: string[]; runs: boolean } {
  const { unresolved, leftOut, actions } = tenant
  const keywords = unresolved.map(({ marker, file, line }) =>
    todo(`${file}:${line}: ${marker} has no value: add it to a file for --mappings, and import again`),
  )
  const empty = actions.flatMap(({ name, secrets }) =>
    Object.entries(secrets).flatMap(([key, value]) =>
      value === ''
        ? [todo(`The action "${name}" needs its secret ${key}: exports do not hold the values of secrets`)]
        : [],
    ),
  )
  const notes = [...leftOut.map(todo), ...keywords, ...empty]
  const checked = check(to)
  if (typeof checked === 'string') return { lines: [...notes, todo(checked)], runs: false }
  const { verdict, missingConfiguration, install } = checked
  const wanted = [...new Set([...actions.flatMap(({ dependencies }) => dependencies), ...install])]
  return {
    runs: verdict !== 'will not run',
    lines: [
      ...notes,
      ...missingConfiguration.map((key) => todo(`configuration.json has no ${key}, which a rule reads`)),
      ...(wanted.length === 0 ? [] : [todo(installLine(wanted, to))]),
      `claimsmith check ${to} tells more: ${verdict === 'runs' ? 'all rules run' : `the worst verdict is: ${verdict}`}`,
    ],
  }
}

/** The report on what was written, or why there can be none. */
function check(to: string): ReturnType<typeof checkRules> | string {
  try {
    return checkRules(to)
  } catch (error) {
    if (error instanceof ClaimsmithError) return error.message
    throw error
  }
}
