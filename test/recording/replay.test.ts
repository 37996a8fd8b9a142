import { expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import { action, login, rule } from '../engine/use-engine.ts'
import { useServer, useTcpServer } from '../sandbox/http-server.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { record, replayAll } from './make-recordings.ts'

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
const database = useTcpServer((socket) => socket.end('42'))
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

/** Where moment is, which the eventful rule requires. */
const modulesFolder = process.cwd()
const embedded: Partial<EngineOptions> = {
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

test.each(['hardened', 'fresh'] as const)(
  'a recorded login replays to the same outcome byte for byte, with secrets as placeholders (%s)',
  async (realm) => {
    const recorded = await record([eventful()], { ...embedded, realm }, async (engine) => {
      for (const _ of [1, 2]) expect((await engine.run(login)).outcome).toBe('allow')
    })
    const before = served
    const [first, second] = await replayAll(recorded, { modulesFolder })
    expect(first?.replayed.user['logins']).toBe(1)
    expect(second?.replayed.user['logins']).toBe(2)
    for (const replay of [first, second]) {
      expect(JSON.stringify(replay?.replayed, undefined, 1)).toBe(JSON.stringify(replay?.recorded, undefined, 1))
      expect(replay).toMatchObject({ differences: [], unrecorded: [] })
    }
    expect(served).toBe(before)
    expect(JSON.stringify(second)).not.toContain('a-key-of-ours')
  },
)

test('the order of replays is of no account: what stood on global comes from each recording', async () => {
  const recorded = await record([eventful()], embedded, async (engine) => {
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
