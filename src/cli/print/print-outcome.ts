import { styleText } from 'node:util'
import type { OutboundRequest, Outcome, OutcomeKind, RuleTrace, UserUpdate } from '../../engine/outcome/outcome.ts'
import { type ChangeWithOldValue, addOldValues } from '../../profile/schema/add-old-values.ts'
import { formatPath } from '../../profile/schema/format-path.ts'
import { formatCount } from './format-count.ts'
import { toPlainText } from './to-plain-text.ts'

type Style = Parameters<typeof styleText>[0]

const statusMark: Readonly<Record<RuleTrace['status'], [mark: string, style: Style]>> = {
  ok: ['✓', 'green'],
  deny: ['✗', 'yellow'],
  error: ['✗', 'red'],
  skipped: ['○', 'yellow'],
}

export const outcomeStyle: Readonly<Record<OutcomeKind, Style>> = {
  allow: 'green',
  deny: 'yellow',
  redirect: 'cyan',
  challenge: 'cyan',
  error: 'red',
}

/** Formats an outcome for people: what each rule did, then how the login ended. `before` is the login before the rules. */
export function describeOutcome(outcome: Outcome, before: { readonly user: object; readonly context: object }): string {
  const { user, context } = before
  const changes = addOldValues(
    { user, context },
    outcome.rules.map((rule) => rule.changes),
  )
  const rules = outcome.rules.flatMap((rule, index) => describeRule(rule, changes[index] ?? []))
  return [...rules, ...(rules.length === 0 ? [] : ['']), ...describeEnd(outcome), ''].join('\n')
}

function describeRule(rule: RuleTrace, changes: readonly ChangeWithOldValue[]): string[] {
  const [mark, style] = statusMark[rule.status]
  const time = styleText('dim', `${rule.durationMs.toFixed(2)} ms`)
  return [
    `${styleText(style, mark)} ${styleText('bold', toPlainText(rule.name))}  ${time}`,
    ...(rule.error === undefined
      ? []
      : [`    ${styleText(style, rule.error.code)} ${toPlainText(rule.error.message)}`]),
    ...changes.map((change) => `    ${describeChange(change)}`),
    ...rule.requests.map((request) => `    ${describeRequest(request)}`),
    ...rule.logs.map(
      ({ level, message }) =>
        `    ${styleText('dim', `${level}:`)} ${toPlainText(message).replaceAll('\n', '\n      ')}`,
    ),
  ]
}

/** Formats a change as a line of a diff, with the old value if it is known. */
function describeChange({ op, path, value, old }: ChangeWithOldValue): string {
  const location = toPlainText(formatPath(path))
  switch (op) {
    case 'add':
      return styleText('green', `+ ${location}  ${formatValue(value)}`)
    case 'remove':
      return styleText('red', `- ${location}${old === undefined ? '' : `  ${formatValue(old)}`}`)
    default:
      return styleText(
        'yellow',
        `~ ${location}  ${old === undefined ? '' : `${formatValue(old)} → `}${formatValue(value)}`,
      )
  }
}

function describeRequest({ method, url, status, durationMs, error }: OutboundRequest): string {
  const end = status === undefined ? styleText('red', toPlainText(error ?? 'no answer yet')) : String(status)
  return `${styleText('cyan', '⇢')} ${toPlainText(`${method} ${url}`)}  ${end}  ${styleText('dim', `${durationMs} ms`)}`
}

function describeEnd(outcome: Outcome): string[] {
  const { reason, redirect, multifactor, claims, rules, updates = [] } = outcome
  const totalMs = rules.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const count = formatCount(rules.length, 'rule')
  const head = styleText(['bold', outcomeStyle[outcome.outcome]].flat() as Style, outcome.outcome)
  return [
    `${head}${reason === undefined ? '' : `  ${toPlainText(reason)}`}  ${styleText('dim', `${count}, ${totalMs.toFixed(2)} ms`)}`,
    ...(redirect === undefined ? [] : [`  redirect to ${toPlainText(redirect.url)}`]),
    ...(multifactor === undefined ? [] : [`  multifactor ${formatValue(multifactor)}`]),
    ...updates.map(describeUpdate),
    ...describeClaims('ID token', claims.idToken),
    ...describeClaims('access token', claims.accessToken),
  ]
}

function describeUpdate({ of, userId, data, error }: UserUpdate): string {
  const end = error === undefined ? '' : `  ${styleText('red', toPlainText(error))}`
  return `  to save  ${of} of ${toPlainText(userId)}  ${formatValue(data)}${end}`
}

function describeClaims(token: string, claims: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(claims).map(([name, value]) => `  ${token}  ${toPlainText(name)} = ${formatValue(value)}`)
}

function formatValue(value: unknown): string {
  const text = toPlainText(JSON.stringify(value) ?? 'undefined')
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
