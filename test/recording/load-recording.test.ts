import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadRecording } from '../../src/recording/replay/load-recording.ts'
import { login, rule } from '../engine/use-engine.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { record } from './make-recordings.ts'

const origin = 'https://api.example'

test('loadRecording gives a test all that it needs', async () => {
  const script = rule(
    `fetch('${origin}/x').then((answer) => answer.json()).then(({ served }) => { context.idToken.seen = served; callback(null, user, context) })`,
  )
  const recorded = await record([script], { network: { fetch: () => Response.json({ served: 7 }) } })
  const [file = ''] = recorded.files
  const { user, context, fetch, outcome, clock, seed } = loadRecording(file)
  expect(user).toEqual(login.user)
  const again = await fetch(new Request(`${origin}/x`))
  expect(await again.json()).toMatchObject({ served: outcome.claims.idToken['seen'] })
  await expect(async () => fetch(new Request(`${origin}/x`))).rejects.toThrow(
    `the recording has no answer to GET ${origin}/x`,
  )
  expect([context, clock.startMs, seed.length]).toEqual([
    login.context,
    Date.parse(JSON.parse(readFileSync(file, 'utf8')).at as string),
    43,
  ])
})

test.each([
  ['no JSON', '{"recording":', /x\.json: the file is not valid JSON/],
  ['a missing part', '{"recording":1}', /The recording .*x\.json is not valid: expected the property "at"\./],
  ['another version', '{"recording":2}', /x\.json is not valid/],
])('a broken recording is told by its file and field: %s', (_, text, message) => {
  const folder = temporaryFolder({ 'x.json': text })
  expect(() => loadRecording(join(folder, 'x.json'))).toThrow(message)
  expect(() => loadRecording(join(folder, 'none.json'))).toThrow(/none\.json: there is no such file/)
})

test('a field of a wrong kind is named with its place', async () => {
  const { files } = await record([rule(`callback(null, user, context)`)])
  const [file = ''] = files
  const recording = JSON.parse(readFileSync(file, 'utf8')) as { requests: unknown[] }
  recording.requests.push({ method: 'GET', url: 5, headers: [] })
  writeFileSync(file, JSON.stringify(recording))
  expect(() => loadRecording(file)).toThrow(`The recording ${file} is not valid at /requests/0/url: expected a string.`)
})
