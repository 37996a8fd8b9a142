import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { getSourcePosition } from '../../errors/get-source-position.ts'
import { hasUserModules, isFreshRealmNeeded } from '../../engine/run/program.ts'
import { resolveFolder } from '../../rules/folder/read-folder.ts'
import { findClaimWrites, type ClaimWrite } from '../../rules/analysis/claim-writes.ts'
import { findConfigurationKeys } from '../../rules/analysis/configuration-keys.ts'
import { findHosts } from '../../rules/analysis/find-hosts.ts'
import type { ModuleBundle } from '../../sandbox/modules/bundle.ts'
import { moduleGlobals } from '../../sandbox/modules/module-catalogue.ts'
import { bundleRequiredModules, pickInstallable, checkModules } from './check-modules.ts'
import { analyzeRules, type AnalyzedRule, type UnreadableRule } from './analyze-rules.ts'
import { type RuleHostUse, buildNetworkReport } from './build-network-report.ts'
import type { CheckReport, Finding, RuleReport, Verdict } from './report.ts'
import { createMissingKeyFinding, checkText } from './check-text.ts'

export interface CheckOptions {
  /** Where to look for packages besides the rules' own folder. */
  readonly modules?: string
  /** `configuration` of rules, beside their folder's. */
  readonly configuration?: Readonly<Record<string, ConfiguredValue>>
  /** `event.secrets` of actions, beside their own. */
  readonly secrets?: Readonly<Record<string, ConfiguredValue>>
  /** The URLs that recorded logins called, as their traces have them. */
  readonly recordedUrls?: readonly string[]
}

const maxSourceBytes = 100_000

/**
 * Checks the rules at a path: whether each will run here, its dependencies, and what would help. Nothing is run.
 *
 * @throws {ClaimsmithError} INVALID_RULESET if the path holds no rules, or a file of it is not valid
 */
export function checkRules(
  path: string,
  { modules, configuration = {}, secrets = {}, recordedUrls = [] }: CheckOptions = {},
): CheckReport {
  const { rules, configuration: folderConfiguration } = analyzeRules(path, maxSourceBytes)
  const analyzedRules = rules.filter((one): one is AnalyzedRule => 'parsedScript' in one)
  const bundle = bundleRequiredModules(analyzedRules, [
    resolveFolder(path),
    ...(modules === undefined ? [] : [modules]),
  ])
  const values = { configuration: { ...folderConfiguration, ...configuration }, secrets }
  const uses: RuleHostUse[] = []
  const results = rules.map((one) =>
    'parsedScript' in one ? checkRule(one, bundle, values, uses) : { report: reportUnreadable(one), install: [] },
  )
  const reports = results.map(({ report }) => report)
  const enabled = reports.filter((report) => report.enabled)
  const hasBuiltinWrites = analyzedRules.some(({ dependencies }) => isFreshRealmNeeded(dependencies))
  return {
    verdict: pickWorst(enabled.map(({ verdict }) => verdict)),
    rules: reports,
    install: pickInstallable(results.flatMap(({ install }) => install)),
    missingConfiguration: [
      ...new Set(enabled.filter(({ dialect }) => dialect === 'rule').flatMap((report) => report.configuration.missing)),
    ].toSorted(),
    network: buildNetworkReport(uses, recordedUrls, values.configuration),
    realm: hasBuiltinWrites || hasUserModules(bundle.program) ? 'fresh' : 'hardened',
    isolatedModules: (bundle.program?.userModules ?? []).map((name) => name.replace(/^global /, '')).toSorted(),
  }
}

function checkRule(
  analyzedRule: AnalyzedRule,
  bundle: ModuleBundle,
  values: Required<Pick<CheckOptions, 'configuration' | 'secrets'>>,
  uses: RuleHostUse[],
): { readonly report: RuleReport; readonly install: readonly string[] } {
  const { rule, parsedScript, dependencies, dialect } = analyzedRule
  const { modules, findings, install } = checkModules(analyzedRule, bundle)
  const keys = findConfigurationKeys(parsedScript, dialect)
  const hosts = findHosts(parsedScript)
  if (rule.enabled !== false) uses.push(...hosts.map((use) => ({ ...use, file: rule.file })))
  const configuredValues = dialect === 'rule' ? values.configuration : { ...rule.secrets, ...values.secrets }
  const missingKeys = keys.filter(({ key }) => !Object.hasOwn(configuredValues, key))
  const claims = findClaimWrites(parsedScript)
  const allFindings = [
    ...findings,
    ...missingKeys.filter(({ isOptional }) => !isOptional).map((key) => createMissingKeyFinding(key, dialect)),
    ...checkText(analyzedRule, claims),
  ]
  return {
    install,
    report: {
      name: rule.name,
      file: rule.file,
      enabled: rule.enabled !== false,
      dialect,
      verdict: toVerdict(allFindings),
      modules,
      globals: dependencies.freeNames.filter((name) => Object.hasOwn(moduleGlobals, name)),
      hosts: hosts.map(({ host }) => host),
      configuration: { needed: keys.map(({ key }) => key), missing: missingKeys.map(({ key }) => key) },
      claims: { idToken: listClaimNames(claims, 'idToken'), accessToken: listClaimNames(claims, 'accessToken') },
      findings: allFindings.toSorted(compareSeverity),
    },
  }
}

function reportUnreadable({ rule, dialect, error }: UnreadableRule): RuleReport {
  const { line, column } = getSourcePosition(error)
  const prefix = `${rule.file}:${line}:${column}: `
  const text = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message
  const [, reason = text.replace(/\.$/, ''), cure = 'correct the syntax at this place'] =
    /^(.*?)\. (.*?)\.?$/s.exec(text) ?? []
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

function listClaimNames(claims: readonly ClaimWrite[], wantedToken: ClaimWrite['token']): readonly string[] {
  return [...new Set(claims.filter(({ token }) => token === wantedToken).map(({ name }) => name))]
}

function toVerdict(findings: readonly Finding[]): Verdict {
  if (findings.some(({ level }) => level === 'error')) return 'will not run'
  return findings.some(({ level }) => level === 'warning') ? 'runs with warnings' : 'runs'
}

const verdicts = ['will not run', 'runs with warnings', 'runs'] as const

function pickWorst(all: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => all.includes(verdict)) ?? 'runs'
}

const levels = ['error', 'warning', 'note'] as const

function compareSeverity(one: Finding, other: Finding): number {
  const byLevel = levels.indexOf(one.level) - levels.indexOf(other.level)
  return byLevel === 0 ? (one.line ?? 0) - (other.line ?? 0) : byLevel
}
