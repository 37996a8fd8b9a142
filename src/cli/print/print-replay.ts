import { basename } from 'node:path'
import { styleText } from 'node:util'
import { formatPath } from '../../profile/schema/format-path.ts'
import type { BrokenReplay } from '../../recording/replay/junit.ts'
import type { Replay } from '../../recording/replay/replay.ts'
import { formatCount } from './format-count.ts'
import { toPlainText } from './to-plain-text.ts'

const headings = ['recording', 'user', 'where', 'recorded', 'now']
/** Longest cell, so that a row fits on one line. */
const maxWidth = 60

/** Formats replays for people: a table of the differences, then their number. */
export function describeReplays(replays: readonly (Replay | BrokenReplay)[]): string {
  const rows = replays.flatMap(toRows)
  const brokenCount = replays.filter((one) => 'error' in one).length
  const differentCount = replays.filter(isDifferent).length - brokenCount
  const count = formatCount(replays.length, 'recording')
  const faults = [
    ...(differentCount === 0 ? [] : [`${differentCount} different`]),
    ...(brokenCount === 0 ? [] : [`${brokenCount} broken`]),
  ]
  const summary =
    faults.length === 0
      ? styleText('green', `${count}, no differences`)
      : styleText('red', [count, ...faults].join(', '))
  return `${rows.length === 0 ? '' : `${formatTable([headings, ...rows])}\n\n`}${summary}\n`
}

export function isDifferent(replay: Replay | BrokenReplay): boolean {
  return 'error' in replay || replay.differences.length > 0
}

function toRows(replay: Replay | BrokenReplay): string[][] {
  const file = basename(replay.file)
  if ('error' in replay) return [[file, '', toPlainText(replay.error)]]
  const { user, differences, unrecorded } = replay
  return [
    ...differences.map(({ path, before, after }) => [
      file,
      user,
      formatPath(path),
      formatValue(before),
      formatValue(after),
    ]),
    ...unrecorded.map((request) => [file, user, request, 'not recorded', '']),
  ].map((row) => row.map(truncate))
}

function formatValue(value: unknown): string {
  return value === undefined ? '-' : (JSON.stringify(value) ?? 'undefined')
}

function truncate(text: string): string {
  const plain = toPlainText(text).replaceAll('\n', ' ')
  return plain.length > maxWidth ? `${plain.slice(0, maxWidth - 1)}…` : plain
}

function formatTable(rows: readonly string[][]): string {
  const isBeforeLast = (row: readonly string[], column: number): boolean => column < row.length - 1
  const widths = headings.map((_, column) =>
    Math.max(...rows.filter((row) => isBeforeLast(row, column)).map((row) => row[column]?.length ?? 0)),
  )
  const formatRow = (row: readonly string[]): string =>
    row.map((cell, column) => (isBeforeLast(row, column) ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')
  return rows.map((row, index) => (index === 0 ? styleText('bold', formatRow(row)) : formatRow(row))).join('\n')
}
