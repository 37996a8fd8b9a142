import { wantsFreshRealm } from '../../engine/run/program.ts'
import { folderOf } from '../../rules/folder/folder.ts'
import { claimsOf, type ClaimWrite } from '../../rules/analysis/claims.ts'
import { configurationKeysOf } from '../../rules/analysis/configuration-keys.ts'
import { hostsOf } from '../../rules/analysis/hosts.ts'
import type { ModuleBundle } from '../../sandbox/modules/bundle.ts'
import { moduleGlobals } from '../../sandbox/modules/offers.ts'
import { bundleFor, installable, moduleFacts } from './module-findings.ts'
import { readingsOf, type Reading, type Unreadable } from './readings.ts'
import type { CheckReport, Finding, RuleReport, Verdict } from './report.ts'
import { missingKey, textFindings } from './text-findings.ts'

export interface CheckOptions {
  /** Where to look for packages besides the rules' own folder. */
  readonly modules?: string
  /** What rules will find in `configuration` besides what their folder says. */
  readonly configuration?: Readonly<Record<string, string>>
  /** What actions will find in `event.secrets` besides their own. */
  readonly secrets?: Readonly<Record<string, string>>
}

const maxSourceBytes = 100_000

/**
 * Reads the rules at a path and says of each whether it will run here, what it needs, and what would help. Nothing is run.
 *
 * @throws {ClaimsmithError} INVALID_RULESET where the path holds no rules, or they cannot be told apart
 */
export function checkRules(
  path: string,
  { modules, configuration = {}, secrets = {} }: CheckOptions = {},
): CheckReport {
  const { rules, configuration: own } = readingsOf(path, maxSourceBytes)
  const readings = rules.filter((one): one is Reading => 'tree' in one)
  const bundle = bundleFor(readings, [folderOf(path), ...(modules === undefined ? [] : [modules])])
  const values = { configuration: { ...own, ...configuration }, secrets }
  const checked = rules.map((one) =>
    'tree' in one ? checkedRule(one, bundle, values) : { report: unreadable(one), install: [] },
  )
  const reports = checked.map(({ report }) => report)
  const enabled = reports.filter((report) => report.enabled)
  return {
    verdict: worst(enabled.map(({ verdict }) => verdict)),
    rules: reports,
    install: installable(checked.flatMap(({ install }) => install)),
    missingConfiguration: [
      ...new Set(enabled.filter(({ dialect }) => dialect === 'rule').flatMap((report) => report.configuration.missing)),
    ].toSorted(),
    realm: readings.some(({ needs }) => wantsFreshRealm(needs)) ? 'fresh' : 'hardened',
  }
}

function checkedRule(
  reading: Reading,
  bundle: ModuleBundle,
  values: Required<Pick<CheckOptions, 'configuration' | 'secrets'>>,
): { readonly report: RuleReport; readonly install: readonly string[] } {
  const { rule, tree, needs, dialect } = reading
  const { modules, findings, install } = moduleFacts(reading, bundle)
  const keys = configurationKeysOf(tree, dialect)
  const found = dialect === 'rule' ? values.configuration : { ...rule.secrets, ...values.secrets }
  const missing = keys.filter(({ key }) => !Object.hasOwn(found, key))
  const claims = claimsOf(tree)
  const all = [
    ...findings,
    ...missing.filter(({ optional }) => !optional).map((key) => missingKey(key, dialect)),
    ...textFindings(reading, claims),
  ]
  return {
    install,
    report: {
      name: rule.name,
      file: rule.file,
      enabled: rule.enabled !== false,
      dialect,
      verdict: verdictOf(all),
      modules,
      globals: needs.names.filter((name) => Object.hasOwn(moduleGlobals, name)),
      hosts: hostsOf(tree),
      configuration: { needed: keys.map(({ key }) => key), missing: missing.map(({ key }) => key) },
      claims: { idToken: namesOf(claims, 'idToken'), accessToken: namesOf(claims, 'accessToken') },
      findings: all.toSorted(bySeverity),
    },
  }
}

function unreadable({ rule, dialect, error }: Unreadable): RuleReport {
  const { line, column } = error.details
  const place = `${rule.file}:${line}:${column}: `
  const text = error.message.startsWith(place) ? error.message.slice(place.length) : error.message
  const [, reason = text, cure = ''] = /^(.*?)\. (.*?)\.?$/s.exec(text) ?? []
  const isKeyword = reason.includes('keyword')
  const finding: Finding = {
    level: 'error',
    kind: 'syntax',
    message: reason,
    cure: isKeyword ? 'claimsmith import --mappings f.json replaces keywords' : cure,
    ...(typeof line === 'number' && typeof column === 'number' ? { line, column } : {}),
  }
  return {
    name: rule.name,
    file: rule.file,
    enabled: rule.enabled !== false,
    dialect,
    verdict: 'will not run',
    modules: [],
    globals: [],
    hosts: [],
    configuration: { needed: [], missing: [] },
    claims: { idToken: [], accessToken: [] },
    findings: [finding],
  }
}

function namesOf(claims: readonly ClaimWrite[], wanted: ClaimWrite['token']): readonly string[] {
  return [...new Set(claims.filter(({ token }) => token === wanted).map(({ name }) => name))]
}

function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ level }) => level === 'error')) return 'will not run'
  return findings.some(({ level }) => level === 'warning') ? 'runs with warnings' : 'runs'
}

const verdicts = ['will not run', 'runs with warnings', 'runs'] as const

function worst(all: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => all.includes(verdict)) ?? 'runs'
}

const levels = ['error', 'warning', 'note'] as const

function bySeverity(one: Finding, other: Finding): number {
  const byLevel = levels.indexOf(one.level) - levels.indexOf(other.level)
  return byLevel === 0 ? (one.line ?? 0) - (other.line ?? 0) : byLevel
}
