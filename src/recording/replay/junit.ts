import { basename } from 'node:path'
import type { Difference } from './differences.ts'
import type { Replay } from './replay.ts'

/** A recording that cannot be read, or whose rules cannot be run. */
export interface BrokenReplay {
  readonly file: string
  readonly error: string
}

/** Replays as JUnit XML, the form that CI systems show tests in: a recording is a test case, its differences a failure. */
export function junitXml(replays: readonly (Replay | BrokenReplay)[]): string {
  const failures = replays.filter((one) => 'differences' in one && one.differences.length > 0).length
  const errors = replays.filter((one) => 'error' in one).length
  const counts = `tests="${replays.length}" failures="${failures}" errors="${errors}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="claimsmith replay" ${counts}>`,
    `  <testsuite name="claimsmith replay" ${counts}>`,
    ...replays.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(replay: Replay | BrokenReplay): string {
  const name = basename(replay.file)
  if ('error' in replay) return wrapped(name, replay.file, `<error message="${escaped(replay.error)}"/>`)
  const { differences } = replay
  if (differences.length === 0) return wrapped(name, replay.user, '')
  const message = differences.length === 1 ? '1 difference' : `${differences.length} differences`
  const text = escaped(differences.map(lineOf).join('\n'))
  return wrapped(name, replay.user, `<failure message="${message}">${text}</failure>`)
}

function wrapped(name: string, group: string, content: string): string {
  const opening = `    <testcase name="${escaped(name)}" classname="${escaped(group)}"`
  return content === '' ? `${opening}/>` : `${opening}>${content}</testcase>`
}

function lineOf({ path, before, after }: Difference): string {
  return `${path}: ${shown(before)} -> ${shown(after)}`
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML has no way to write most control characters. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (found) => entities[found] ?? found)
    .replaceAll(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
