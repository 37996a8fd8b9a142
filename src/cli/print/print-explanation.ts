import { styleText } from 'node:util'
import type { Explanation, Provenance, Step } from '../../recording/replay/explain.ts'
import type { Origin } from '../../recording/format/origin.ts'
import { plainText } from './plain-text.ts'

const maxWidth = 100

/** An explanation for people: what each attribute and claim is, and below it its history, oldest first. */
export function describeExplanation({ outcome, reason, profile, idToken, accessToken }: Explanation): string {
  const sections = [
    ['Profile', profile],
    ['ID token', idToken],
    ['Access token', accessToken],
  ] as const
  const head = `${styleText('bold', outcome)}${reason === undefined ? '' : `  ${plainText(reason)}`}`
  const parts = sections.flatMap(([name, list]) =>
    list.length === 0 ? [] : ['', styleText('bold', name), ...list.flatMap(describe)],
  )
  return [head, ...parts, ''].join('\n')
}

function describe({ name, value, origin, history, ...rest }: Provenance): string[] {
  const isThere = value !== undefined || 'value' in rest
  const head = isThere ? `${plainText(name)} = ${shown(value)}` : `${plainText(name)}  is gone`
  const lines = [...(origin === undefined ? [] : [describeOrigin(origin)]), ...history.map(describeStep)]
  return [`  ${head}`, ...lines.map((line) => `      ${styleText('dim', line)}`)]
}

function describeOrigin({ source, field, connection }: Origin): string {
  const where = { connection: `connection ${connection ?? ''}`, store: 'store', login: 'this login' }[source]
  return plainText(`from the ${where}: ${field}`.replace('the this', 'this'))
}

function describeStep({ rule, did, before, after, from, requests }: Step): string {
  const change = {
    set: `to ${shown(after)}`,
    changed: `from ${shown(before)} to ${shown(after)}`,
    removed: `which was ${shown(before)}`,
  }[did]
  const sources = from.length === 0 ? '' : `, as in ${from.join(', ')}`
  const asked = requests.length === 0 ? '' : `, having asked ${requests.join(', ')}`
  return plainText(`${did} by ${rule} ${change}${sources}${asked}`)
}

function shown(value: unknown): string {
  const text = plainText(JSON.stringify(value) ?? 'nothing')
  return text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text
}
