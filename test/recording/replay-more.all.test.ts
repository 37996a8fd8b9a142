import { expect, test } from 'vitest'
import { login, rule } from '../engine/use-engine.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { embedded, expectSameReplays, modulesFolder, useEventfulRule } from './eventful-rule.ts'
import { record, replayAll } from './make-recordings.ts'

const eventfulRule = useEventfulRule()

test('a login in a fresh realm replays to the same outcome byte for byte, too', async () => {
  expect.hasAssertions()
  await expectSameReplays('fresh', eventfulRule)
})

test('the order of replays is of no account: what stood on global comes from each recording', async () => {
  const recorded = await record([eventfulRule.eventful()], embedded, async (engine) => {
    for (const _ of [1, 2]) await engine.run(login)
  })
  const reversed = await replayAll({ ...recorded, files: recorded.files.toReversed() }, { modulesFolder })
  expect(reversed.map((replay) => replay.differences)).toEqual([[], []])
})

test('configuration that is given makes rules see the values again, and the placeholders stay in what is shown', async () => {
  const script = rule(
    `user.length = configuration.API_KEY.length; user.key = configuration.API_KEY; callback(null, user, context)`,
  )
  const recorded = await record([script], embedded)
  const [without] = await replayAll(recorded)
  expect(without?.differences.map(({ path }) => path)).toEqual(['/user/length'])
  const [given] = await replayAll(recorded, { configuration: { API_KEY: 'a-key-of-ours' } })
  expect(given?.differences).toEqual([])
  expect(given?.replayed.user['key']).toBe('[redacted:configuration.API_KEY]')
})

test('errors of rules replay, wherever their files are', async () => {
  const recorded = await record([rule(`callback(null, user, context)`), rule(`user.x.y = 1`)])
  const rules = temporaryFolder({
    'rule-1.js': rule(`callback(null, user, context)`),
    'rule-2.js': rule(`user.x.y = 1`),
  })
  const [own] = await replayAll(recorded)
  expect(own?.recorded.error?.code).toBe('RULE_THREW')
  expect(own?.differences).toEqual([])
  const [other] = await replayAll(recorded, { rules })
  expect(other?.differences).toEqual([])
})

test('a client that asks for a token is recorded and replayed, too', async () => {
  const script = `exports.onExecuteCredentialsExchange = async (event, api) => { api.accessToken.setCustomClaim('at', Date.now()) }`
  const recorded = await record([script], {}, (engine) => engine.exchangeCredentials({ context: { clientID: 'c' } }))
  const [replay] = await replayAll(recorded)
  expect(replay?.differences).toEqual([])
  expect(replay?.replayed.claims.accessToken['at']).toBeTypeOf('number')
})
