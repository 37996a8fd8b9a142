import { basename } from 'node:path'
import { styleText } from 'node:util'
import type { BrokenReplay } from '../../recording/replay/junit.ts'
import type { Replay } from '../../recording/replay/replay.ts'
import { plainText } from './plain-text.ts'

const headings = ['recording', 'user', 'where', 'recorded', 'now']
/** What a column may take, so that a row stays a row. */
const maxWidth = 60

/** Replays for people: a table of what is different, and how many there were. */
export function describeReplays(replays: readonly (Replay | BrokenReplay)[]): string {
  const rows = replays.flatMap(rowsOf)
  const different = replays.filter(isDifferent).length
  const count = replays.length === 1 ? '1 recording' : `${replays.length} recordings`
  const summary =
    different === 0
      ? styleText('green', `${count}, no differences`)
      : styleText('red', `${count}, ${different} with differences`)
  return `${rows.length === 0 ? '' : `${table([headings, ...rows])}\n\n`}${summary}\n`
}

export function isDifferent(replay: Replay | BrokenReplay): boolean {
  return 'error' in replay || replay.differences.length > 0
}

function rowsOf(replay: Replay | BrokenReplay): string[][] {
  const file = basename(replay.file)
  if ('error' in replay) return [[file, '', plainText(replay.error)]]
  const { user, differences, unrecorded } = replay
  return [
    ...differences.map(({ path, before, after }) => [file, user, path, shown(before), shown(after)]),
    ...unrecorded.map((what) => [file, user, what, 'not recorded', '']),
  ].map((row) => row.map(cut))
}

function shown(value: unknown): string {
  return value === undefined ? '-' : (JSON.stringify(value) ?? 'undefined')
}

function cut(text: string): string {
  const plain = plainText(text).replaceAll('\n', ' ')
  return plain.length > maxWidth ? `${plain.slice(0, maxWidth - 1)}…` : plain
}

function table(rows: readonly string[][]): string {
  const isCell = (row: readonly string[], column: number): boolean => column < row.length - 1
  const widths = headings.map((_, column) =>
    Math.max(...rows.filter((row) => isCell(row, column)).map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (isCell(row, column) ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')
  return rows.map((row, index) => (index === 0 ? styleText('bold', line(row)) : line(row))).join('\n')
}
