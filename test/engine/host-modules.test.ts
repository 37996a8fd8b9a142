import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'

const calls: unknown[][] = []
class Locked extends Error {
  readonly code = 'E_LOCKED'
}

const modules = {
  crm: {
    region: { name: 'eu', since: new Date(0) },
    users: {
      async find(email: unknown, at: unknown) {
        calls.push([email, at])
        return { email, at, tags: ['a'], missing: undefined }
      },
    },
    sum: (one: number, other: number) => one + other,
    async refuse() {
      throw new Locked('the account is locked')
    },
    never: () => new Promise(() => undefined),
    handle: () => ({ close() {} }),
  },
  lodash: { mine: true },
}

let engine: Engine
beforeAll(() => {
  engine = createEngine({ rules: [], modules, limits: { workers: 1, wallPerRuleMs: 500 } })
})
afterAll(() => engine.close())

async function run(body: string): Promise<Outcome> {
  await engine.replace([
    {
      name: 'asks',
      script: `async function (user, context, callback) { try { ${body}; callback(null, user, context) } catch (e) {
      user.caught = [e.name, e.code, e.message, /host-modules|node:/.test(e.stack)]; callback(null, user, context) } }`,
    },
  ])
  return engine.run({ user: {}, context: {} })
}

describe('a module of the embedder’s', () => {
  test('is required by name, and its functions answer with a promise; dates and undefined survive both ways', async () => {
    calls.length = 0
    const { user } = await run(`user.found = await require('crm').users.find('ada@example.com', new Date(5))`)
    expect(calls).toEqual([['ada@example.com', new Date(5)]])
    expect(user['found']).toEqual({ email: 'ada@example.com', at: new Date(5), tags: ['a'], missing: undefined })
  })

  test('calls back where a rule gives a callback, as the libraries of that time did', async () => {
    const { user } = await run(
      `user.sum = await new Promise((ok, no) => require('crm').sum(1, 2, (e, r) => e ? no(e) : ok(r)))`,
    )
    expect(user).toMatchObject({ sum: 3 })
  })

  test('has its data, and goes before a package of the same name', async () => {
    const { user } = await run(`user.a = require('crm').region; user.b = require('lodash').mine`)
    expect(user).toMatchObject({ a: { name: 'eu', since: new Date(0) }, b: true })
  })

  test('throws what the embedder’s function threw, and nothing of its stack', async () => {
    const { user } = await run(`await require('crm').refuse()`)
    expect(user['caught']).toEqual(['Error', 'E_LOCKED', 'the account is locked', false])
  })

  test('takes and gives plain data only, and says so', async () => {
    const given = await run(`await require('crm').sum(function () {}, {})`)
    expect(String(given.user['caught'])).toContain(
      'TypeError,,an argument of crm.sum is no plain data: /0 is a function',
    )
    const got = await run(`await require('crm').handle()`)
    expect(String(got.user['caught'])).toContain(
      'what crm.handle answers cannot be given to a rule: /close is a function',
    )
  })

  test('is called under the deadline of the rule', async () => {
    expect((await run(`await require('crm').never()`)).error).toMatchObject({ code: 'RULE_TIMEOUT' })
  })

  test('leaves nothing for the next login', async () => {
    const body = `var crm = require('crm'); user.met = crm.left; try { crm.left = 1; crm.region.name = 'changed' } catch (e) {}; user.name = crm.region.name`
    await run(body)
    const { user } = await engine.run({ user: {}, context: {} })
    expect(user).toMatchObject({ met: undefined })
    expect((await run(`user.name = require('crm').region.name`)).user).toMatchObject({ name: 'eu' })
  })

  test('cannot be reached beside its own functions', async () => {
    const { user } = await run(
      `user.all = Object.keys(require('crm')).join(); user.proto = typeof require('crm').users.constructor`,
    )
    expect(user).toMatchObject({ all: 'region,users,sum,refuse,never,handle' })
  })
})

test.each([
  [{ '../x': {} }, /modules: \.\.\/x is no name/],
  [{ crm: { cache: new Map() } }, /modules: crm\.cache .*Map.*give functions and plain data/],
])('%j is refused when the engine is made', (wrong, message) => {
  expect(() => createEngine({ rules: [], modules: wrong })).toThrow(message)
})
