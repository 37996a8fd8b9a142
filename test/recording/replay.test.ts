import { expect, test } from 'vitest'
import { action, login, rule } from '../engine/use-engine.ts'
import { useTcpServer } from '../sandbox/http-server.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { embedded, expectSameReplays, useEventfulRule } from './eventful-rule.ts'
import { record, replayAll } from './make-recordings.ts'

const database = useTcpServer((socket) => socket.end('42'))
const eventfulRule = useEventfulRule()

test('a recorded login replays to the same outcome byte for byte, with secrets as placeholders', async () => {
  expect.hasAssertions()
  await expectSameReplays('hardened', eventfulRule)
})

test('a changed rule shows exactly its difference', async () => {
  const recorded = await record([rule(`context.idToken.role = 'user'; callback(null, user, context)`)], embedded)
  const rules = temporaryFolder({
    'rule-1.js': rule(`\n\n context.idToken.role = 'admin'; callback(null, user, context)`),
  })
  const [replay] = await replayAll(recorded, { rules })
  expect(replay?.differences).toEqual([
    { path: '/claims/idToken/role', kind: 'changed', before: 'user', after: 'admin' },
  ])
})

test('what a changed rule asks for and the recording does not hold fails there, and is named', async () => {
  const recorded = await record([rule(`callback(null, user, context)`)], embedded)
  const script = rule(
    `auth0.users.updateAppMetadata(user.user_id, { a: 1 }).then(() => fetch('https://new.example/?q=1')).then(() => 1, callback)`,
  )
  const [replay] = await replayAll(recorded, { rules: temporaryFolder({ 'rule-1.js': script }) })
  expect(replay?.unrecorded).toEqual(['auth0.users.updateAppMetadata', 'GET https://new.example/?q=1'])
  expect(replay?.replayed).toMatchObject({ outcome: 'deny' })
  expect(replay?.replayed.reason).toContain('the recording has no answer to GET https://new.example/?q=1')
  expect(replay?.differences).toContainEqual({
    path: '/calls/auth0.users.updateAppMetadata',
    kind: 'added',
    after: { id: 'auth0|1', data: { a: 1 } },
  })
})

test('a login that went on after a redirect is a recording of its own, and replays from there', async () => {
  const script = `
    exports.onExecutePostLogin = async (event, api) => { api.redirect.sendUserTo('https://x.example/ask') }
    exports.onContinuePostLogin = async (event, api) => { api.idToken.setCustomClaim('answer', event.request.query.answer) }`
  const recorded = await record([script, action(`api.idToken.setCustomClaim('after', true)`)], {}, async (engine) => {
    const { state = '' } = await engine.run(login)
    expect((await engine.resume(state, { query: { answer: 'yes', state } })).outcome).toBe('allow')
  })
  expect(recorded.files.map((file) => file.replace(/.*-/, ''))).toEqual(['redirect.json', 'allow.json'])
  const replays = await replayAll(recorded)
  expect(replays.map((replay) => replay.differences)).toEqual([[], []])
  expect(replays[1]?.replayed.claims.idToken).toEqual({ answer: 'yes', after: true })
})

test('a login that spoke over a connection of its own is not run again with the same rules, and the reason names it', async () => {
  const recorded = await record([
    rule(`const socket = require('net').connect(${database.port}, '127.0.0.1').on('data', (said) => {
      user.said = String(said)
      callback(null, user, context)
    })`),
  ])
  await expect(replayAll(recorded)).rejects.toMatchObject({
    code: 'INVALID_RECORDING',
    message: expect.stringContaining(`the rules opened a connection to tcp://127.0.0.1:${database.port}`) as string,
  })
  const [same] = await replayAll(recorded, {
    rules: temporaryFolder({ 'quiet.js': rule('callback(null, user, context)') }),
  })
  expect(same?.replayed).toMatchObject({ outcome: 'allow' })
  const [refused] = await replayAll(recorded, {
    rules: temporaryFolder({ 'loud.js': rule(`require('net').connect(${database.port}, '127.0.0.1')`) }),
  })
  expect(refused?.replayed.error).toMatchObject({
    code: 'NETWORK_REFUSED',
    message: expect.stringContaining('rules cannot open connections') as string,
  })
})
