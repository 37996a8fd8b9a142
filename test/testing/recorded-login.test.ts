import { expect, test } from 'vitest'
import { loadPipeline, loadRecording, loadRule, toStableOutcome } from '../../src/testing/index.ts'
import { login, rule } from '../engine/use-engine.ts'
import { record } from '../recording/make-recordings.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const chance = `user.draw = [Math.random(), Date.now(), new Date().toISOString()]`
const script = rule(`
  ${chance}
  fetch('https://api.example/plan?key=' + configuration.API_KEY).then((answer) => answer.json()).then(({ plan }) => {
    context.idToken.plan = plan
    user.again = Date.now()
    auth0.users.updateAppMetadata(user.user_id, { plan }).then((saved) => {
      user.saved = saved.app_metadata
      callback(null, user, context)
    })
  })`)

const world = {
  configuration: { API_KEY: 'a-key-of-some-length' },
  network: { fetch: () => Response.json({ plan: 'gold' }) },
  users: { updateAppMetadata: async () => ({ app_metadata: { plan: 'gold', since: 2019 } }) },
}

test('a rule of a test, given a recorded login, comes to the recorded outcome: time, chance and answers included', async () => {
  const { files } = await record([script], world)
  const { user, context, configuration, users, fetch, clock, seed, outcome } = loadRecording(files[0] ?? '')
  const replay = loadRule(script, { configuration, auth0: { users }, fetch, clock, seed })
  const again = await replay(user, context)
  const { user: recorded, claims } = toStableOutcome(outcome)
  expect(recorded).toMatchObject({ draw: [expect.any(Number), expect.any(Number), expect.any(String)] })
  expect(recorded).toMatchObject({ saved: { plan: 'gold', since: 2019 } })
  expect([again.user, again.claims]).toEqual([recorded, claims])
})

test('a recorded login runs through a folder of rules, and another rule shows its difference', async () => {
  const { files } = await record([rule(`${chance}; user.step = 1; callback(null, user, context)`)])
  const { user, context, clock, seed, outcome } = loadRecording(files[0] ?? '')
  const folder = temporaryFolder({ '1-a.js': rule(`${chance}; user.step = 2; callback(null, user, context)`) })
  const again = await loadPipeline(folder, { clock, seed })(user, context)
  expect(again.user).toEqual({ ...login.user, draw: outcome.user['draw'], step: 2 })
})

test('a request that the recording has no answer to fails in the rule, and is named', async () => {
  const { files } = await record([rule(`callback(null, user, context)`)])
  const { user, context, fetch } = loadRecording(files[0] ?? '')
  const asks = loadRule(
    rule(`fetch('https://api.example/new').then(callback, ({ code, message }) => callback(code + ': ' + message))`),
    { fetch },
  )
  expect((await asks(user, context)).reason).toBe(
    'NOT_RECORDED: the recording has no answer to GET https://api.example/new',
  )
})
