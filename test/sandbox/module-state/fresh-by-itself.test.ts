import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { EngineOptions } from '../../../src/engine/options/engine-options.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { rule } from '../../engine/use-engine.ts'

const user = { user_id: 'auth0|1', name: 'Ada' }

/** The outcomes of logins, one after the other. */
async function runLogins(count: number, script: string, options: Partial<EngineOptions> = {}): Promise<Outcome[]> {
  const engine = createEngine({ rules: [{ name: 'writes', script }], limits: { workers: 1 }, ...options })
  try {
    const outcomes: Outcome[] = []
    for (let index = 0; index < count; index++) outcomes.push(await engine.run({ user, context: {} }))
    return outcomes
  } finally {
    await engine.close()
  }
}

/** Hides from the reading of the text that something is a module. */
const hide = 'const hide = (value) => value;'
/** Says in which kind of realm the rule ran: a fresh one has builtins that rules may change. */
const end =
  'user.isFresh = !Object.isFrozen(Array.prototype); user.runs = global.runs = (global.runs || 0) + 1; callback(null, user, context);'

describe('a login that writes to a module of ours runs again in a realm of its own, and later logins start there', () => {
  test.each([
    ['a member', 'const h = hide(_); h.map = 7; user.seen = _.map'],
    ['a member of a class', "hide(require('events')).prototype.emit = 7; user.seen = require('events').prototype.emit"],
    ['a new member, by Object.assign', 'Object.assign(hide(_.map), { mark: 7 }); user.seen = _.map.mark'],
    [
      'a new member, by defineProperty',
      "Object.defineProperty(hide(crypto.Hash).prototype, 'mark', { value: 7 }); user.seen = crypto.Hash.prototype.mark",
    ],
    [
      'a listener',
      "const agent = hide(require('http')).globalAgent; agent.on('free', () => {}); user.seen = agent.listenerCount('free') + 6",
    ],
    ['a write that Reflect answers with false', "Reflect.set(hide(_).map, 'mark', 7); user.seen = _.map.mark"],
    ['a builtin', "Object.defineProperty(hide(Array.prototype), 'mark', { value: 7 }); user.seen = [].mark"],
    [
      'a write whose error the rule catches',
      'try { hide(_).map = 7 } catch (error) { user.caught = true } user.seen = _.map',
    ],
  ])('%s', async (_name, body) => {
    const script = rule(`${hide} ${body}; ${end}`)
    const [first, second] = await runLogins(2, script)
    const [fresh] = await runLogins(1, script, { realm: 'fresh' })
    expect(first).toMatchObject({ outcome: 'allow', user: { seen: 7, isFresh: true } })
    expect(second).toMatchObject({ outcome: 'allow', user: { seen: 7, isFresh: true } })
    expect({ ...first?.user, runs: 0 }).toEqual({ ...fresh?.user, runs: 0 })
  })

  test('but not the logins of a rule that fails by a frozen object of its own', async () => {
    const body = `'use strict'; user.isFresh = !Object.isFrozen(Array.prototype); if (user.name === 'Ada') Object.freeze([]).push(1);`
    const [first, second] = await runLogins(2, rule(body))
    for (const outcome of [first, second])
      expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW', rule: 'writes' } })
  })
})

test('a login that has called out does not run again: its error says what it wrote to, and what allows it', async () => {
  const body = `auth0.users.updateAppMetadata(user.user_id, {}).then(() => { hide(_).map = 7; ${end} })`
  let calls = 0
  const users = {
    updateUserMetadata: () => Promise.resolve({}),
    updateAppMetadata: () => {
      calls++
      return Promise.resolve({})
    },
  } as unknown as NonNullable<EngineOptions['users']>
  const [first, second] = await runLogins(2, rule(`${hide} ${body}`), { users })
  expect(first).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW', rule: 'writes' } })
  expect(first?.outcome === 'error' && first.error.message).toMatch(/wrote to _\.map.*realm: 'fresh'/)
  expect(second).toMatchObject({ outcome: 'allow', user: { isFresh: true } })
  expect(calls).toBe(2)
})

test('a login that has called out and is denied stays denied, whatever its rule wrote to', async () => {
  const denial = `try { hide(_).map = 7 } catch (error) { callback(new UnauthorizedError('not today')) }`
  const script = rule(`${hide} auth0.users.updateAppMetadata(user.user_id, {}).then(() => { ${denial} })`)
  const [outcome] = await runLogins(1, script, { users: { updateAppMetadata: () => Promise.resolve(undefined) } })
  expect(outcome).toMatchObject({ outcome: 'deny', reason: 'not today' })
})

test('modules that start again in each login can be written to in a realm for many logins', async () => {
  const body = `user.before = [hide(pg).defaults.password, hide(q).mark]; hide(pg).defaults.password = 'x'; hide(q).mark = 1;`
  const outcomes = await runLogins(2, rule(`${hide} ${body} ${end}`))
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ outcome: 'allow', user: { before: [null, undefined], isFresh: false } })
})
