import { styleText } from 'node:util'
import type { CheckReport, Finding, RuleReport, Verdict } from '../../migration/check/report.ts'
import { formatCount } from './format-count.ts'
import { quotePath } from './quote-path.ts'
import { toPlainText } from './to-plain-text.ts'

type Style = Parameters<typeof styleText>[0]

const verdictMark: Readonly<Record<Verdict, readonly [mark: string, style: Style]>> = {
  runs: ['✓', 'green'],
  'runs with warnings': ['!', 'yellow'],
  'will not run': ['✗', 'red'],
}

const levelMark: Readonly<Record<Finding['level'], readonly [mark: string, style: Style]>> = {
  error: ['✗', 'red'],
  warning: ['!', 'yellow'],
  note: ['·', 'dim'],
}

const columnTitles = ['rule', 'verdict', 'modules', 'hosts', 'configuration']
const maxWidth = 40

/** Formats a report for people: a table of the rules, then the findings and their cures. `path` leads to the rules. */
export function describeReport(report: CheckReport, path: string): string {
  return [
    ...formatTable(report.rules),
    '',
    ...report.rules.flatMap(describeFindings),
    ...describeEnd(report, path),
    '',
  ].join('\n')
}

function formatTable(rules: readonly RuleReport[]): string[] {
  const rows = rules.map(toCells)
  const widths = columnTitles.map((title, column) =>
    Math.min(maxWidth, Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))),
  )
  const formatRow = (row: readonly string[]): string[] => row.map((cell, column) => fitText(cell, widths[column] ?? 0))
  const titles = `  ${formatRow(columnTitles).join('  ').trimEnd()}`
  return [
    styleText('dim', titles),
    ...rules.map((rule, index) => {
      const [mark, style] = rule.enabled ? verdictMark[rule.verdict] : (['○', 'dim'] as const)
      const [name = '', verdict = '', ...others] = formatRow(rows[index] ?? [])
      const columns = [styleText('bold', name), styleText(style, verdict), ...others]
      return `${styleText(style, mark)} ${columns.join('  ')}`.trimEnd()
    }),
  ]
}

function toCells({ name, enabled, dialect, verdict, modules, globals, hosts, configuration }: RuleReport): string[] {
  const moduleNames = modules.map(({ specifier, status, version }) => {
    if (status !== 'found') return `${specifier} ✗`
    return version === undefined || specifier.endsWith(`@${version}`) ? specifier : `${specifier} (${version})`
  })
  const keys = configuration.needed.map((key) => (configuration.missing.includes(key) ? `${key} ✗` : key))
  return [
    toPlainText(dialect === 'action' ? `${name} (action)` : name),
    enabled ? verdict : `off: ${verdict}`,
    toPlainText([...moduleNames, ...globals].join(', ')),
    toPlainText(hosts.join(', ')),
    toPlainText(keys.join(', ')),
  ]
}

function fitText(text: string, width: number): string {
  const line = text.replaceAll('\n', ' ')
  return line.length > width ? `${line.slice(0, width - 1)}…` : line.padEnd(width)
}

function describeFindings({ file, findings }: RuleReport): string[] {
  if (findings.length === 0) return []
  return [
    ...findings.flatMap(({ level, message, cure, line, column }) => {
      const [mark, style] = levelMark[level]
      const place = line === undefined ? file : `${file}:${line}:${column}`
      return [
        `${styleText(style, mark)} ${styleText('dim', `${toPlainText(place)}:`)} ${toPlainText(message)}`,
        ...(cure === '' ? [] : [`    → ${toPlainText(cure)}`]),
      ]
    }),
    '',
  ]
}

function describeEnd({ rules, install, network, realm, isolatedModules }: CheckReport, path: string): string[] {
  const enabled = rules.filter((rule) => rule.enabled)
  const counts = (Object.keys(verdictMark) as Verdict[]).flatMap((verdict) => {
    const count = enabled.filter((rule) => rule.verdict === verdict).length
    const label = count === 1 ? verdict : verdict.replace('runs', 'run')
    return count === 0 ? [] : [styleText(verdictMark[verdict][1], `${formatCount(count, 'rule')} ${label}`)]
  })
  const disabledCount = rules.length - enabled.length
  return [
    [...counts, ...(disabledCount === 0 ? [] : [`${formatCount(disabledCount, 'rule')} off`])].join(', '),
    ...describeRealm(realm, isolatedModules),
    ...describeNetwork(network),
    ...(install.length === 0 ? [] : [formatInstallCommand(install, path)]),
  ]
}

function describeRealm(realm: CheckReport['realm'], isolatedModules: readonly string[]): string[] {
  if (isolatedModules.length > 0) {
    const names = toPlainText(isolatedModules.join(', '))
    return [`Every login runs in a context that is used once, because packages may keep state: ${names}.`]
  }
  return realm === 'fresh' ? ['Every login gets fresh builtins and modules, because a rule changes them.'] : []
}

/** Formats the list of hosts as the option of the engine. */
function describeNetwork({ hosts, unresolved }: CheckReport['network']): string[] {
  const entries = hosts.map((host) => `'${toPlainText(host)}'`).join(', ')
  return [
    ...(hosts.length === 0 ? [] : [`They call network: { hosts: [${entries}] }`]),
    ...unresolved.map(({ text, file, line, column }) => {
      const place = file === undefined ? 'a recording' : `${file}:${line}:${column}`
      return `${styleText('dim', `${toPlainText(place)}:`)} it calls ${toPlainText(text)}, which is not known here: add the host`
    }),
  ]
}

/** Formats the command that installs packages beside the rules. */
export function formatInstallCommand(packages: readonly string[], path: string): string {
  return `npm install --prefix ${quotePath(path)} ${packages.join(' ')}`
}
