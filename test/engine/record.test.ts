import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import type { RecordedRun } from '../../src/engine/ports/record-port.ts'
import { useServer } from '../sandbox/http-server.ts'
import { login, rule } from './use-engine.ts'

const server = useServer((request, response) => {
  if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end()
  else response.end(`you asked ${request.url}`)
})

/** Runs one script over logins in turn, and answers what was recorded of each. */
async function recordingsOf(script: string, options: Partial<EngineOptions> = {}, times = 1): Promise<RecordedRun[]> {
  const runs: RecordedRun[] = []
  const engine = createEngine({
    rules: [{ name: 'one', script }],
    limits: { workers: 1 },
    network: { allow: ['127.0.0.1'] },
    record: (run) => void runs.push(run),
    ...options,
  })
  for (let time = 0; time < times; time++) await engine.run(login)
  await engine.close()
  return runs
}

const textOf = (body: string | undefined): string => Buffer.from(body ?? '', 'base64').toString()

test('every message to the network is recorded with its answer: redirects, failures, refusals, and what nobody waited for', async () => {
  const script = rule(`(async () => {
    user.seen = await (await fetch('${server.url}/moved')).text();
    await fetch('http://127.0.0.1:1/', { method: 'POST', body: 'hello' }).catch(() => 0);
    await fetch('http://169.254.169.254/').catch(() => 0);
    fetch('${server.url}/unheard');
    callback(null, user, context) })();`)
  const [run] = await recordingsOf(script)
  const told = run?.exchanges.map(({ message, answer, failure }) => [
    `${message.method} ${message.url.replace(server.url, '')} ${textOf(message.body)}`.trim(),
    answer === undefined ? failure?.code : `${answer.status} ${textOf(answer.body)}`.trim(),
  ])
  expect(told).toEqual([
    ['GET /moved', '302'],
    ['GET /there', '200 you asked /there'],
    ['POST http://127.0.0.1:1/ hello', 'NETWORK_REFUSED'],
    ['GET http://169.254.169.254/', 'NETWORK_REFUSED'],
    ['GET /unheard', undefined],
  ])
})

test('what the clock showed is recorded as differences and counts, and the seed that chance followed from', async () => {
  const script = rule(`const first = Date.now(); while (Date.now() < first + 3); user.at = [first, Date.now()];
    user.drawn = Math.random(); callback(null, user, context)`)
  const [one, other] = await recordingsOf(script, {}, 2)
  const { clock, outcome } = one as RecordedRun
  expect(clock).toHaveProperty('readings')
  const readings = 'readings' in clock ? clock.readings : []
  const [, last] = outcome.user['at'] as number[]
  expect(readings.reduce((sum, [sinceMs]) => sum + sinceMs, clock.startMs)).toBe(last)
  expect(readings.length).toBeLessThan(20)
  expect(other?.seed).not.toBe(one?.seed)
  expect(other?.outcome.user['drawn']).not.toBe(outcome.user['drawn'])
})

test('what other logins left on global is recorded, functions aside', async () => {
  const script = rule(
    `global.count = (global.count || 0) + 1; global.at = new Date(5); global.work = () => 1; callback(null, user, context)`,
  )
  const [first, second] = await recordingsOf(script, {}, 2)
  expect(first?.global).toEqual({})
  expect(second?.global).toEqual({ count: '[1]', at: '[5,{"dates":[[]],"undefineds":[],"shared":[]}]' })
})

test('calls of auth0.users and of host modules are recorded in order, with what they came to', async () => {
  const script = rule(`(async () => {
    await auth0.users.updateAppMetadata(user.user_id, { seen: true });
    user.tier = await require('crm').tierOf('ada');
    await require('crm').fail().catch((error) => { user.why = error.message });
    callback(null, user, context) })();`)
  const modules = {
    crm: {
      tierOf: async (name: string) => `gold for ${name}`,
      fail() {
        throw Object.assign(new TypeError('no'), { code: 'E_NO' })
      },
    },
  }
  const users = { updateAppMetadata: async (id: string) => ({ user_id: id, app_metadata: { seen: true } }) }
  const [run] = await recordingsOf(script, { modules, users })
  expect(run?.outcome.user).toMatchObject({ tier: 'gold for ada', why: 'no' })
  expect(run?.calls).toEqual([
    {
      name: 'users.updateAppMetadata',
      input: '{"id":"auth0|1","data":{"seen":true}}',
      answer: '{"user_id":"auth0|1","app_metadata":{"seen":true}}',
    },
    { name: 'modules.crm\ntierOf', input: '[["ada"]]', answer: '["gold for ada"]' },
    { name: 'modules.crm\nfail', input: '[[]]', error: { name: 'TypeError', message: 'no', code: 'E_NO' } },
  ])
  expect(run?.modules).toEqual({ crm: { members: { tierOf: { call: true }, fail: { call: true } } } })
})

test('a recording that fails is a warning, and the login goes on', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve))
  const engine = createEngine({
    rules: [{ name: 'one', script: rule('callback(null, user, context)') }],
    limits: { workers: 1 },
    record() {
      throw new Error('the disk is full')
    },
  })
  expect((await engine.run(login)).outcome).toBe('allow')
  await engine.close()
  expect(await warned).toMatchObject({ message: 'a login could not be recorded: the disk is full' })
})
