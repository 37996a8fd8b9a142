import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { useEngine } from '../engine/use-engine.ts'

/** Answers with the path that was asked for, after a while: so that logins overlap. */
const server = createServer((request, response) => setTimeout(() => response.end(`answer to ${request.url}`), 40))
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => server.close())

const calls: string[] = []
const { engine } = useEngine({
  network: { allow: ['127.0.0.1'] },
  users: {
    async updateUserMetadata(id) {
      calls.push(id)
      return { user_id: id }
    },
  },
})

/** Runs one rule for as many users at once; `base` is where the server listens. */
async function together(body: string, names: readonly string[]): Promise<Outcome[]> {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const script = `async function (user, context, callback) {
    const get = async (path) => (await fetch('${base}' + path)).text();
    ${body}
    callback(null, user, context);
  }`
  await engine.replace([{ name: 'shared', script }])
  return Promise.all(names.map((name) => engine.run({ user: { name } })))
}

const own = (outcomes: readonly Outcome[]): unknown[] =>
  outcomes.map(({ outcome, user }) => [outcome, user.name, user['mine']])
const names = ['ada', 'bob', 'cyd', 'dan']
const expected = names.map((name) => ['allow', name, `answer to /${name}`])

describe('rules that share what they put on global keep their logins apart', () => {
  test('when they wait for one promise', async () => {
    const outcomes = await together(
      `global.token = global.token || get('token'); user.token = await global.token; user.mine = 'answer to /' + user.name;`,
      names,
    )
    expect(own(outcomes)).toEqual(expected)
    expect(new Set(outcomes.map(({ user }) => user['token']))).toEqual(new Set(['answer to /token']))
  })

  test('when each goes on with requests of its own after it', async () => {
    const outcomes = await together(
      `global.token = global.token || get('token'); await global.token; user.mine = await get(user.name);`,
      names,
    )
    expect(own(outcomes)).toEqual(expected)
  })

  test('when they call a function that one of them has left there', async () => {
    const outcomes = await together(`global.get = global.get || get; user.mine = await global.get(user.name);`, names)
    expect(own(outcomes)).toEqual(expected)
  })

  test('when that function is called again by later logins, over several requests', async () => {
    const body = `global.get = global.get || (async (name) => { await get('first'); return get(name); }); user.mine = await global.get(user.name);`
    expect(own(await together(body, names))).toEqual(expected)
    const again = await Promise.all(names.map((name) => engine.run({ user: { name } })))
    expect(own(again)).toEqual(expected)
  })

  test('when they update users after a promise that another login keeps', async () => {
    calls.length = 0
    const outcomes = await together(
      `global.token = global.token || get('token'); await global.token;
       user.mine = 'answer to /' + (await auth0.users.updateUserMetadata(user.name, {})).user_id;`,
      names,
    )
    expect(own(outcomes)).toEqual(expected)
    expect(calls.toSorted()).toEqual(names)
  })

  test('when one calls the callbacks of all', async () => {
    const outcomes = await together(
      `global.waiting = global.waiting || [];
       const called = new Promise((resolve) => { global.waiting.push(resolve); setTimeout(() => {}, 2000); });
       if (global.waiting.length === ${names.length}) for (const resolve of global.waiting) resolve();
       await called; user.mine = 'answer to /' + user.name;`,
      names,
    )
    expect(own(outcomes)).toEqual(expected)
  })

  test('when the one that began it fails: the others end too, and nobody gets what is not theirs', async () => {
    const outcomes = await together(
      `global.token = global.token || get('token');
       if (user.name === 'ada') throw new Error('ada fails');
       await global.token; user.mine = await get(user.name);`,
      names,
    )
    expect(outcomes.map(({ user }) => user.name)).toEqual(names)
    expect(outcomes.map(({ error }) => error?.code)).toEqual([
      'RULE_THREW',
      'RULE_NO_CALLBACK',
      'RULE_NO_CALLBACK',
      'RULE_NO_CALLBACK',
    ])
  })
})
