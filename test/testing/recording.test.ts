import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, recordInto } from 'claimsmith'
import { loadRecording, loadRule } from 'claimsmith/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-recorded-'))
const file = join(folder, 'rules', 'geo.js')
const recordings = join(folder, 'recordings')

beforeAll(async () => {
  mkdirSync(join(folder, 'rules'))
  writeFileSync(
    file,
    `async function geo(user, context, callback) {
      const answer = await fetch('https://geo.example/?ip=' + context.request.ip);
      user.country = (await answer.json()).country;
      user.seen = [new Date().toISOString(), Math.random()];
      callback(null, user, context);
    }`,
  )
  const engine = createEngine({
    rules: join(folder, 'rules'),
    network: { fetch: () => Response.json({ country: 'NZ' }) },
    record: recordInto(recordings),
  })
  await engine.run({ user: { email: 'ada@example.com' }, context: { request: { ip: '192.0.2.1' } } })
  await engine.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

function recorded() {
  const name = readdirSync(recordings).find((entry) => entry.endsWith('-allow.json'))
  return loadRecording(join(recordings, name ?? 'none'))
}

test('a recorded login is a unit test: its requests are answered, its time and chance are what they were', async () => {
  const { user, context, outcome, fetch, clock, seed } = recorded()
  const rule = loadRule(file, { fetch, clock, seed })
  const again = await rule(user, context)
  expect(again.user).toEqual(outcome.user)
  expect(again.user).toMatchObject({ country: 'NZ' })
})

test('a request that was not recorded says which one it was', async () => {
  const { user, context, fetch } = recorded()
  const rule = loadRule(
    `async function (user, context, callback) {
      try { await fetch('https://geo.example/other'); callback(null, user, context) } catch (error) { callback(error) }
    }`,
    { fetch },
  )
  expect((await rule(user, context)).reason).toContain('https://geo.example/other')
})
