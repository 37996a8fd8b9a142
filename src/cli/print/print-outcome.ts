import { styleText } from 'node:util'
import type { OutboundRequest, Outcome, OutcomeKind, RuleTrace, UserUpdate } from '../../engine/outcome/outcome.ts'
import type { Change } from '../../profile/schema/changes.ts'
import { plainText } from './plain-text.ts'

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

/** An outcome for people: what each rule did, then how the login ended. `before` is the login as it came. */
export function describeOutcome(outcome: Outcome, before: { readonly user: object; readonly context: object }): string {
  const known = new Map<string, unknown>()
  collect({ user: before.user, context: before.context }, '', known)
  const rules = outcome.rules.flatMap((rule) => describeRule(rule, known))
  return [...rules, '', ...describeEnd(outcome), ''].join('\n')
}

function describeRule(rule: RuleTrace, known: Map<string, unknown>): string[] {
  const [mark, style] = statusMark[rule.status]
  const time = styleText('dim', `${rule.durationMs.toFixed(2)} ms`)
  return [
    `${styleText(style, mark)} ${styleText('bold', plainText(rule.name))}  ${time}`,
    ...(rule.error === undefined ? [] : [`    ${styleText(style, rule.error.code)} ${plainText(rule.error.message)}`]),
    ...rule.changes.map((change) => `    ${describeChange(change, known)}`),
    ...rule.requests.map((request) => `    ${describeRequest(request)}`),
    ...rule.logs.map(
      ({ level, message }) => `    ${styleText('dim', `${level}:`)} ${plainText(message).replaceAll('\n', '\n      ')}`,
    ),
  ]
}

/** One change as a line of a diff, with the old value where it is known. */
function describeChange({ op, path, value }: Change, known: Map<string, unknown>): string {
  const old = known.get(path)
  if (value === undefined) known.delete(path)
  else collect(value, path, known)
  const where = plainText(path)
  switch (op) {
    case 'add':
      return styleText('green', `+ ${where}  ${show(value)}`)
    case 'remove':
      return styleText('red', `- ${where}${old === undefined ? '' : `  ${show(old)}`}`)
    default:
      return styleText('yellow', `~ ${where}  ${old === undefined ? '' : `${show(old)} → `}${show(value)}`)
  }
}

function describeRequest({ method, url, status, durationMs, error }: OutboundRequest): string {
  const end = status === undefined ? styleText('red', plainText(error ?? 'no answer yet')) : String(status)
  return `${styleText('cyan', '⇢')} ${plainText(`${method} ${url}`)}  ${end}  ${styleText('dim', `${durationMs} ms`)}`
}

function describeEnd(outcome: Outcome): string[] {
  const { reason, redirect, multifactor, claims, rules, updates = [] } = outcome
  const totalMs = rules.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const count = `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`
  const head = styleText(['bold', outcomeStyle[outcome.outcome]].flat() as Style, outcome.outcome)
  return [
    `${head}${reason === undefined ? '' : `  ${plainText(reason)}`}  ${styleText('dim', `${count}, ${totalMs.toFixed(2)} ms`)}`,
    ...(redirect === undefined ? [] : [`  redirect to ${plainText(redirect.url)}`]),
    ...(multifactor === undefined ? [] : [`  multifactor ${show(multifactor)}`]),
    ...updates.map(describeUpdate),
    ...describeClaims('ID token', claims.idToken),
    ...describeClaims('access token', claims.accessToken),
  ]
}

function describeUpdate({ of, userId, data, error }: UserUpdate): string {
  const end = error === undefined ? '' : `  ${styleText('red', plainText(error))}`
  return `  to save  ${of} of ${plainText(userId)}  ${show(data)}${end}`
}

function describeClaims(token: string, claims: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(claims).map(([name, value]) => `  ${token}  ${plainText(name)} = ${show(value)}`)
}

function show(value: unknown): string {
  const text = plainText(JSON.stringify(value) ?? 'undefined')
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

/** Every value of a tree by its JSON Pointer (RFC 6901). */
function collect(value: unknown, path: string, into: Map<string, unknown>): void {
  into.set(path, value)
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    collect(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, into)
  }
}
