import { styleText } from 'node:util'
import type { Explanation, Provenance, Step } from '../../recording/replay/explain.ts'
import type { Origin } from '../../recording/format/origin.ts'
import { toPlainText } from './to-plain-text.ts'

const maxWidth = 100

/** Formats an explanation for people: each attribute and claim, and below it its history, oldest first. */
export function describeExplanation({ outcome, reason, rule, profile, idToken, accessToken }: Explanation): string {
  const sections = [
    ['Profile', profile],
    ['ID token', idToken],
    ['Access token', accessToken],
  ] as const
  const decider = rule === undefined ? '' : ` by ${toPlainText(rule)}`
  const head = `${styleText('bold', outcome)}${decider}${reason === undefined ? '' : `  ${toPlainText(reason)}`}`
  const parts = sections.flatMap(([name, list]) =>
    list.length === 0 ? [] : ['', styleText('bold', name), ...list.flatMap(describeProvenance)],
  )
  return [head, ...parts, ''].join('\n')
}

function describeProvenance({ name, value, origin, history, ...rest }: Provenance): string[] {
  const hasValue = value !== undefined || 'value' in rest
  const head = hasValue ? `${toPlainText(name)} = ${formatValue(value)}` : `${toPlainText(name)}  was removed`
  const lines = [...(origin === undefined ? [] : [describeOrigin(origin)]), ...history.map(describeStep)]
  return [`  ${head}`, ...lines.map((line) => `      ${styleText('dim', line)}`)]
}

function describeOrigin({ source, field, connection }: Origin): string {
  const place = { connection: `the connection ${connection ?? ''}`, store: 'the store', login: 'this login' }[source]
  return toPlainText(`from ${place}: ${field}`)
}

function describeStep({ rule, did, before, after, from, requests }: Step): string {
  const change = {
    set: `to ${formatValue(after)}`,
    changed: `from ${formatValue(before)} to ${formatValue(after)}`,
    removed: `which was ${formatValue(before)}`,
  }[did]
  const sources = from.length === 0 ? '' : `, as in ${from.join(', ')}`
  const requestText = requests.length === 0 ? '' : `, after a request to ${requests.join(', ')}`
  return toPlainText(`${did} by ${rule} ${change}${sources}${requestText}`)
}

function formatValue(value: unknown): string {
  const text = toPlainText(JSON.stringify(value) ?? 'nothing')
  return text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text
}
