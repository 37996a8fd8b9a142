import { formatCount } from './format-count.ts'
import { styleText } from 'node:util'
import { findDecidingRule } from '../../engine/outcome/find-deciding-rule.ts'
import { formatPath } from '../../profile/schema/format-path.ts'
import type { Difference } from '../../recording/replay/diff-outcomes.ts'
import { type LoginLabel, labelLogins } from './label-logins.ts'
import { toPlainText } from './to-plain-text.ts'
import { outcomeStyle } from './print-outcome.ts'
import type { Rerun } from '../serve/create-rerunner.ts'

const maxLines = 20

/** Formats which logins a save changed, and how. The first time, it lists every login with its outcome. */
export function describeReruns(label: string, reruns: readonly Rerun[], durationMs: number): string {
  const isFirst = reruns.every(({ differences }) => differences === undefined)
  const changedReruns = reruns.filter(({ differences }) => differences === undefined || differences.length > 0)
  const all = formatCount(reruns.length, 'login')
  const count = isFirst ? all : `${changedReruns.length} of ${all} changed`
  const head = `${styleText('bold', toPlainText(label))}  ${count}  ${styleText('dim', `${durationMs.toFixed(0)} ms`)}`
  const labels = labelLogins(reruns.map(({ login }) => login))
  const lines = reruns.flatMap((rerun, index) =>
    changedReruns.includes(rerun) ? describeRerun(rerun, index + 1, labels[index] as LoginLabel) : [],
  )
  return [head, ...lines, ''].join('\n')
}

function describeRerun({ outcome, differences = [] }: Rerun, number: number, { who, details }: LoginLabel): string[] {
  const { outcome: kind, error, reason } = outcome
  const rule = findDecidingRule(outcome)
  const end = `${styleText(outcomeStyle[kind], kind)}${rule === undefined ? '' : ` by ${toPlainText(rule)}`}`
  const why = [error?.code, reason].filter((text) => text !== undefined).join(' ')
  const hiddenCount = differences.length - maxLines
  return [
    `  ${styleText('dim', String(number))} ${who} ${styleText('dim', details)}  ${end}${why === '' ? '' : `  ${toPlainText(why)}`}`,
    ...differences.slice(0, maxLines).map((difference) => `      ${describeDifference(difference)}`),
    ...(hiddenCount > 0 ? [styleText('dim', `      and ${hiddenCount} more`)] : []),
  ]
}

function describeDifference({ path, before, after }: Difference): string {
  const location = toPlainText(formatPath(path))
  if (before === undefined) return styleText('green', `+ ${location}  ${formatValue(after)}`)
  if (after === undefined) return styleText('red', `- ${location}  ${formatValue(before)}`)
  return styleText('yellow', `~ ${location}  ${formatValue(before)} → ${formatValue(after)}`)
}

function formatValue(value: unknown): string {
  const text = toPlainText(JSON.stringify(value) ?? 'undefined')
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
