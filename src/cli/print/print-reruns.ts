import { styleText } from 'node:util'
import type { LoginInput } from '../../engine/outcome/outcome-of.ts'
import { pathText } from '../../profile/schema/path-text.ts'
import type { Difference } from '../../recording/replay/differences.ts'
import { plainText } from './plain-text.ts'
import { outcomeStyle } from './print-outcome.ts'
import type { Rerun } from '../serve/rerun.ts'

const maxLines = 20

/** What was saved, how many logins it changed, and how. The first time, every login with its outcome. */
export function describeReruns(what: string, reruns: readonly Rerun[], durationMs: number): string {
  const isFirst = reruns.every(({ differences }) => differences === undefined)
  const shown = reruns.filter(({ differences }) => differences === undefined || differences.length > 0)
  const count = isFirst ? `${reruns.length} logins` : `${shown.length} of ${reruns.length} logins changed`
  const head = `${styleText('bold', plainText(what))}  ${count}  ${styleText('dim', `${durationMs.toFixed(0)} ms`)}`
  const lines = shown.flatMap((rerun) => describeRerun(rerun, reruns.indexOf(rerun) + 1))
  return [head, ...lines, ''].join('\n')
}

function describeRerun({ login, outcome, differences = [] }: Rerun, number: number): string[] {
  const { outcome: kind, error, reason } = outcome
  const end = styleText(outcomeStyle[kind], kind)
  const why = [error?.code, reason].filter((text) => text !== undefined).join(' ')
  const hidden = differences.length - maxLines
  return [
    `  ${styleText('dim', String(number))} ${nameOf(login)}  ${end}${why === '' ? '' : `  ${plainText(why)}`}`,
    ...differences.slice(0, maxLines).map((difference) => `      ${describe(difference)}`),
    ...(hidden > 0 ? [styleText('dim', `      and ${hidden} more`)] : []),
  ]
}

function nameOf({ user, context = {} }: LoginInput): string {
  const who = user.email ?? user.name ?? user.user_id ?? 'nobody'
  return `${plainText(who)} ${styleText('dim', plainText(`${context.protocol} ${context.clientID}`))}`
}

function describe({ path, before, after }: Difference): string {
  const where = plainText(pathText(path))
  if (before === undefined) return styleText('green', `+ ${where}  ${show(after)}`)
  if (after === undefined) return styleText('red', `- ${where}  ${show(before)}`)
  return styleText('yellow', `~ ${where}  ${show(before)} → ${show(after)}`)
}

function show(value: unknown): string {
  const text = plainText(JSON.stringify(value) ?? 'undefined')
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
