import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { login, rule, useEngine } from '../../engine/use-engine.ts'

// One store and two engines serve every test here: the start of an engine takes longer than its logins.
let saves = 0
const save = async (): Promise<void> => {
  saves++
}
const users = { updateUserMetadata: save, updateAppMetadata: save }
const shared = useEngine({ users })
const fresh = useEngine({ users, realm: 'fresh' })

/** The outcomes of two logins, one after the other. */
async function runTwice(script: string): Promise<[Outcome, Outcome]> {
  return [await shared.run([{ name: 'writes', script }]), await shared.engine.run(login)]
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
    const [first, second] = await runTwice(script)
    const inFresh = await fresh.run(script)
    expect(first).toMatchObject({ outcome: 'allow', user: { seen: 7, isFresh: true } })
    expect(second).toMatchObject({ outcome: 'allow', user: { seen: 7, isFresh: true } })
    expect({ ...first.user, runs: 0 }).toEqual({ ...inFresh.user, runs: 0 })
  })

  test('but not the logins of a rule that fails by a frozen object of its own', async () => {
    const body = `'use strict'; user.isFresh = !Object.isFrozen(Array.prototype); if (user.name === 'Ada') Object.freeze([]).push(1);`
    const [first, second] = await runTwice(rule(body))
    for (const outcome of [first, second])
      expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW', rule: 'writes' } })
  })
})

test('a login that has called out does not run again: its error says what it wrote to, and what allows it', async () => {
  const body = `auth0.users.updateAppMetadata(user.user_id, {}).then(() => { hide(_).map = 7; ${end} })`
  const before = saves
  const [first, second] = await runTwice(rule(`${hide} ${body}`))
  expect(first).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW', rule: 'writes' } })
  expect(first.outcome === 'error' && first.error.message).toMatch(/wrote to _\.map.*realm: 'fresh'/)
  expect(second).toMatchObject({ outcome: 'allow', user: { isFresh: true } })
  expect(saves - before).toBe(2)
})

test('a login that has called out and is denied stays denied, whatever its rule wrote to', async () => {
  const denial = `try { hide(_).map = 7 } catch (error) { callback(new UnauthorizedError('not today')) }`
  const script = rule(`${hide} auth0.users.updateAppMetadata(user.user_id, {}).then(() => { ${denial} })`)
  expect(await shared.run(script)).toMatchObject({ outcome: 'deny', reason: 'not today' })
})

test('modules that start again in each login can be written to in a realm for many logins', async () => {
  const body = `user.before = [hide(pg).defaults.password, hide(q).mark]; hide(pg).defaults.password = 'x'; hide(q).mark = 1;`
  for (const outcome of await runTwice(rule(`${hide} ${body} ${end}`)))
    expect(outcome).toMatchObject({ outcome: 'allow', user: { before: [null, undefined], isFresh: false } })
})
