import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { recordInto } from '../../src/recording/format/record-into.ts'
import { claimsmith } from './command.ts'

const home = mkdtempSync(join(tmpdir(), 'claimsmith-cli-replay-'))
const recordings = join(home, 'recordings')
afterAll(() => rmSync(home, { recursive: true }))

const rules = folderOf('rules', {
  'greet.js': `function (user, context, callback) { context.idToken.greeting = 'hello ' + user.nickname; callback(null, user, context) }`,
})

function folderOf(name: string, files: Record<string, string>): string {
  mkdirSync(join(home, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(home, name, file), text)
  return join(home, name)
}

const broken = folderOf('broken', { 'configuration.json': '{"PLAN":"free"}', 'b.json': '{' })

beforeAll(async () => {
  const users = ['ada', 'grace'].map((name) => ({
    user_id: `auth0|${name}`,
    email: `${name}@example.com`,
    nickname: name,
  }))
  const engine = createEngine({ rules, limits: { workers: 1 }, record: recordInto(recordings) })
  for (const user of users) await engine.run({ user, context: { idToken: {} } })
  await engine.close()
})

test('replay says that nothing is different, with the rules that were recorded and the same rules from their folder', async () => {
  for (const more of [[], ['--rules', rules]]) {
    const { exitCode, stdout, stderr } = await claimsmith('replay', recordings, ...more)
    expect([stderr, stdout, exitCode]).toEqual(['', '2 recordings, no differences\n', 0])
  }
})

test('replay --rules shows what other rules make of the logins: as a table, as JSON, and as JUnit XML', async () => {
  const other = folderOf('other', {
    'greet.js': `function (user, context, callback) { context.idToken.greeting = (user.nickname === 'ada' ? 'hello ' : 'good <day> ') + user.nickname; callback(null, user, context) }`,
  })
  const junit = join(home, 'report.xml')
  const table = await claimsmith('replay', recordings, '--rules', other, '--junit', junit)
  expect(table.exitCode).toBe(1)
  const [file = ''] = readdirSync(recordings).toSorted().slice(1)
  expect(table.stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
    'recording | user | where | recorded | now',
    `${file} | grace@example.com | claims.idToken.greeting | "hello grace" | "good <day> grace"`,
    '',
    '2 recordings, 1 different',
    '',
  ])
  const xml = readFileSync(junit, 'utf8')
  expect(xml).toContain('<testsuite name="claimsmith replay" tests="2" failures="1" errors="0">')
  expect(xml).toContain(`<testcase name="${file}" classname="grace@example.com"><failure message="1 difference">`)
  expect(xml).toContain(
    'claims.idToken.greeting: &quot;hello grace&quot; -&gt; &quot;good &lt;day&gt; grace&quot;</failure>',
  )

  const json = await claimsmith('replay', recordings, '--rules', other, '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({
    recordings: 2,
    different: 1,
    replays: [
      { user: 'ada@example.com', differences: [], unrecorded: [] },
      { user: 'grace@example.com', outcome: { recorded: 'allow', replayed: 'allow' } },
    ],
  })
})

test('a broken recording among others is told by its file, and fails the run', async () => {
  const mixed = join(home, 'mixed')
  mkdirSync(mixed)
  for (const name of readdirSync(recordings)) writeFileSync(join(mixed, name), readFileSync(join(recordings, name)))
  writeFileSync(join(mixed, '0-broken.json'), '{"recording":1}')
  const { exitCode, stdout } = await claimsmith('replay', mixed, '--junit', join(home, 'mixed.xml'))
  expect(exitCode).toBe(1)
  expect(stdout).toContain('0-broken.json is not valid: expected the property "at".')
  expect(stdout).toContain('3 recordings, 1 broken')
  expect(readFileSync(join(home, 'mixed.xml'), 'utf8')).toContain('failures="0" errors="1"')
})

test.each([
  [['replay', rules], /^claimsmith: there is no recording in .*rules\n/],
  [['replay', broken], /^claimsmith: there is no recording in .*broken\n/],
  [['replay', join(rules, 'greet.js')], /^claimsmith: not a recording: .*greet\.js: the file is not valid JSON: .*\n$/],
  [
    ['replay', join(broken, 'configuration.json')],
    /^claimsmith: not a recording: .*configuration\.json is not valid: /,
  ],
  [['serve', '--record', join(rules, 'greet.js', 'x'), '--port', '1'], /recordings cannot be written to .*greet\.js/],
])('%j says what is wrong', async (args, message) => {
  const { exitCode, stderr } = await claimsmith(...args)
  expect(stderr).toMatch(message)
  expect(exitCode).toBe(2)
})
