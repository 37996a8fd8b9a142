import { basename } from 'node:path'
import { formatPath } from '../../profile/schema/format-path.ts'
import type { Difference } from './diff-outcomes.ts'
import type { Replay } from './replay.ts'

/** A recording that cannot be read, or whose rules cannot run. */
export interface BrokenReplay {
  readonly file: string
  readonly error: string
}

/** Formats replays as JUnit XML, for CI systems. A recording is a test case; its differences are a failure. */
export function toJunitXml(replays: readonly (Replay | BrokenReplay)[]): string {
  const failures = replays.filter((one) => 'differences' in one && one.differences.length > 0).length
  const errors = replays.filter((one) => 'error' in one).length
  const counts = `tests="${replays.length}" failures="${failures}" errors="${errors}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="claimsmith replay" ${counts}>`,
    `  <testsuite name="claimsmith replay" ${counts}>`,
    ...replays.map(toTestCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function toTestCase(replay: Replay | BrokenReplay): string {
  const name = basename(replay.file)
  if ('error' in replay) return wrapTestCase(name, replay.file, `<error message="${escapeXml(replay.error)}"/>`)
  const { differences } = replay
  if (differences.length === 0) return wrapTestCase(name, replay.user, '')
  const message = differences.length === 1 ? '1 difference' : `${differences.length} differences`
  const text = escapeXml(differences.map(formatDifference).join('\n'))
  return wrapTestCase(name, replay.user, `<failure message="${message}">${text}</failure>`)
}

function wrapTestCase(name: string, group: string, content: string): string {
  const opening = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(group)}"`
  return content === '' ? `${opening}/>` : `${opening}>${content}</testcase>`
}

function formatDifference({ path, before, after }: Difference): string {
  return `${formatPath(path)}: ${formatValue(before)} -> ${formatValue(after)}`
}

const formatValue = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Replaces most control characters: XML cannot express them. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
    .replaceAll(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
