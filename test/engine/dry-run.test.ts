import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { action, login, rule } from './use-engine.ts'

test('nothing comes of a dry run: no metadata, no request that writes, no call of a module, no recording, no state', async () => {
  const effects: string[] = []
  const asked: string[] = []
  const save = (name: string) => async () => void effects.push(name)
  const engine = createEngine({
    rules: [
      {
        name: 'tries',
        script: rule(`(async () => {
          user.saved = (await auth0.users.updateAppMetadata(user.user_id, { seen: true })).app_metadata;
          user.read = await (await fetch('https://x.example/read')).text();
          user.write = await fetch('https://x.example/write', { method: 'POST' }).catch((error) => error.message);
          user.module = await require('crm').tell().catch((error) => error.message);
          callback(null, user, context) })().catch(callback)`),
      },
      {
        name: 'sets',
        script: action(`api.user.setUserMetadata('a', 1); api.redirect.sendUserTo('https://x.example/')`),
      },
    ],
    limits: { workers: 1 },
    users: { updateAppMetadata: save('app'), updateUserMetadata: save('user') },
    modules: { crm: { tell: save('crm') } },
    suspendedLogins: { save: save('state'), take: async () => undefined },
    record: () => void effects.push('recording'),
    network: {
      fetch(request) {
        asked.push(request.method)
        return new Response('answered')
      },
    },
  })
  const outcome = await engine.run(login, { dry: true })
  await engine.close()
  expect(outcome.user).toMatchObject({
    saved: { seen: true },
    read: 'answered',
    write: 'a dry run sends no POST',
    module: 'crm.tell is not offered here',
  })
  expect([outcome.outcome, outcome.state, effects, asked]).toEqual(['redirect', undefined, [], ['GET']])
})
