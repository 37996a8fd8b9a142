import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { recordInto } from '../../src/recording/format/record-into.ts'
import type { RecordingsResponse, RunResponse } from '../../src/playground/http/api-types.ts'
import { usePlayground } from './fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-recordings-'))
const { call } = usePlayground({ recordings: folder })
const script = `async function geo(user, context, callback) {
  const answer = await fetch('https://geo.example/');
  user.country = (await answer.json()).country;
  user.drawn = Math.random();
  callback(null, user, context);
}`
let drawn: unknown

beforeAll(async () => {
  const engine = createEngine({
    rules: [{ name: 'geo', script }],
    network: { fetch: () => Response.json({ country: 'NZ' }) },
    record: recordInto(folder),
  })
  const { user } = await engine.run({ user: { email: 'ada@example.com' }, context: { protocol: 'samlp' } })
  drawn = user['drawn']
  await engine.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function newest(): Promise<string> {
  const { names } = (await call('GET', '/recordings')).body as RecordingsResponse
  return names[0] ?? ''
}

test('a recorded login can be chosen, and fills user and context', async () => {
  const { status, body } = await call('POST', '/recording', { name: await newest() })
  expect(status).toBe(200)
  expect(body).toEqual({ user: { email: 'ada@example.com' }, context: { protocol: 'samlp' } })
})

test('its run finds the answers and the chance that it had', async () => {
  const run = { name: 'geo', script, what: 'rule', user: { email: 'eve@example.com' }, context: {} }
  const { body } = await call('POST', '/run', { ...run, recording: await newest() })
  expect((body as RunResponse).outcome.user).toEqual({ email: 'eve@example.com', country: 'NZ', drawn })
})

test('a recording that is not there, or is broken, is said with its name and what is wrong', async () => {
  expect(await call('POST', '/recording', { name: '../package' })).toMatchObject({
    status: 400,
    body: { message: 'There is no recording ../package.' },
  })
  const broken = join(folder, 'z-broken.json')
  onTestFinished(() => rmSync(broken))
  writeFileSync(broken, '{ "version": 1 }')
  const { status, body } = await call('POST', '/recording', { name: 'z-broken' })
  expect(status).toBe(400)
  expect((body as { message: string }).message).toMatch(/z-broken\.json is not valid: expected the property/)
})
