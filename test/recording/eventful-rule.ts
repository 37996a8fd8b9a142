import { expect } from 'vitest'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import { login, rule } from '../engine/use-engine.ts'
import { useServer } from '../sandbox/http-server.ts'
import { record, replayAll } from './make-recordings.ts'

/** Where moment is, which the eventful rule requires. */
export const modulesFolder = process.cwd()

/** What an embedder gives to the engine of that rule. */
export const embedded: Partial<EngineOptions> = {
  modulesFolder,
  configuration: { API_KEY: 'a-key-of-ours' },
  users: {
    domain: 'login.example.com',
    updateAppMetadata: async (id, metadata) => ({ user_id: id, app_metadata: { ...metadata } }),
  },
  modules: {
    crm: {
      tierOf: (id: string, date: Date) => ({ tier: `gold for ${id}`, at: date }),
      refuse() {
        throw Object.assign(new RangeError('not today'), { code: 'E_NO' })
      },
    },
  },
}

/** Starts the server that the eventful rule calls, for the tests of one file. */
export function useEventfulRule() {
  let served = 0
  const server = useServer((request, response) => {
    served++
    if (request.url === '/moved') response.writeHead(302, { Location: '/there' }).end()
    else if (request.url?.startsWith('/gone') === true) request.socket.destroy()
    else {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        response.setHeader('X-Second', ['b', 'a'])
        response.setHeader('A-First', 'yes')
        response.end(JSON.stringify({ served, body, access_token: `token-number-${served}` }))
      })
    }
  })
  /** Everything that could come out otherwise: time, chance, the network, the store, modules, what other logins left. */
  const eventful = (): string =>
    rule(`(async () => {
      const crypto = require('crypto'), uuid = require('uuid'), lodash = require('lodash'), request = require('request');
      user.times = [Date.now(), new Date().toISOString(), require('moment')().format()];
      user.draws = [Math.random(), crypto.randomBytes(9).toString('hex'), uuid.v4(), lodash.uniqueId('u')];
      global.logins = (global.logins || 0) + 1; user.logins = global.logins;
      const answer = await fetch('${server.url}/moved');
      user.answered = await answer.json(); user.headers = [...answer.headers];
      user.posted = await new Promise((resolve, reject) => request.post({ url: '${server.url}/post?at=' + Date.now(), form: { key: configuration.API_KEY, id: uuid.v4() } },
        (error, response, body) => error ? reject(error) : resolve([response.statusCode, response.rawHeaders.filter((_, i) => i % 2 === 0), JSON.parse(body)])));
      user.failed = await fetch('${server.url}/gone').catch((error) => [error.code, error.message]);
      user.refused = await fetch('http://10.0.0.1/').catch((error) => [error.code, error.message]);
      user.saved = await auth0.users.updateAppMetadata(user.user_id, { seen: new Date(Date.now()).toISOString() });
      user.tier = await require('crm').tierOf(user.user_id, new Date(5));
      user.no = await require('crm').refuse().catch((error) => [error.name, error.code, error.message]);
      user.when = new Date(0); user.nothing = undefined;
      console.log('done at', Date.now(), configuration.API_KEY, user.answered.access_token);
      context.idToken['https://x.example/at'] = Math.floor(Date.now() / 1000) + ':' + configuration.API_KEY;
      await new Promise((resolve) => setTimeout(resolve, 5));
      user.later = Date.now();
      callback(null, user, context);
    })().catch(callback)`)
  return { eventful, countServed: () => served }
}

/** Records two logins of the eventful rule in such a realm, replays them, and compares. */
export async function expectSameReplays(
  realm: 'hardened' | 'fresh',
  { eventful, countServed }: ReturnType<typeof useEventfulRule>,
): Promise<void> {
  const recorded = await record([eventful()], { ...embedded, realm }, async (engine) => {
    for (const _ of [1, 2]) expect((await engine.run(login)).outcome).toBe('allow')
  })
  const before = countServed()
  const [first, second] = await replayAll(recorded, { modulesFolder })
  expect(first?.replayed.user['logins']).toBe(1)
  expect(second?.replayed.user['logins']).toBe(2)
  for (const replay of [first, second]) {
    expect(JSON.stringify(replay?.replayed, undefined, 1)).toBe(JSON.stringify(replay?.recorded, undefined, 1))
    expect(replay).toMatchObject({ differences: [], unrecorded: [] })
  }
  expect(countServed()).toBe(before)
  expect(JSON.stringify(second)).not.toContain('a-key-of-ours')
}
