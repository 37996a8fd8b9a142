import { expect, describe, test, vi } from 'vitest'
import '../../src/testing/setup/vitest.ts'
import { loadRule } from '../../src/testing/index.ts'
import { find } from './find.ts'

type Answer = (error: null, response: object, body: string) => void

describe('names of the test’s', () => {
  test('go before what a rule finds otherwise', async () => {
    const sent = vi.fn<(options: unknown, callback: Answer) => void>((_, callback) =>
      callback(null, { statusCode: 201 }, 'made'),
    )
    const { found } = await find(
      `user.found = await new Promise((done) => request.post({ url: 'x' }, (e, response, body) => done([response.statusCode, body])))`,
      { request: { post: sent } },
    )
    expect(found).toEqual([201, 'made'])
    expect(sent).toHaveBeenCalledOnce()
  })

  test('may be the error classes: an instance reaches the test as what it is', async () => {
    const UnauthorizedError = vi.fn<(message: string) => void>(function UnauthorizedError() {})
    const rule = loadRule(`function (user, context, callback) { callback(new UnauthorizedError('no')) }`, {
      globals: { UnauthorizedError },
    })
    const error = await new Promise((resolve) => rule({}, {}, resolve))
    expect(error).toBeInstanceOf(UnauthorizedError)
    expect(UnauthorizedError).toHaveBeenCalledWith('no')
  })

  test('may be global, which then is the test’s', async () => {
    const global: Record<string, unknown> = { hits: 1, next: () => 2 }
    await find(`global.hits = global.next()`, { global })
    expect(global['hits']).toBe(2)
  })

  test('may be auth0, whose updates the outcome tells of', async () => {
    const updateAppMetadata = vi.fn<(id: string, data: object) => Promise<object>>(async () => ({ user_id: 'u' }))
    const auth0 = { domain: 'tenant.example.com', users: { updateAppMetadata } }
    const outcome = await loadRule(
      `async function (user, context, callback) { await auth0.users.updateAppMetadata(user.user_id, { plan: auth0.domain }); callback(null, user, context) }`,
      { auth0 },
    )({ user_id: 'u' })
    expect(outcome).toUpdateAppMetadata({ plan: 'tenant.example.com' })
    expect(updateAppMetadata).toHaveBeenCalledWith('u', { plan: 'tenant.example.com' })
  })
})

test('where a test brings no auth0, updates are told and saved nowhere', async () => {
  const { outcome } = await find(`await auth0.users.updateUserMetadata('u', { seen: true })`)
  expect(outcome).toUpdateUserMetadata({ seen: true })
  expect(outcome.updates).toEqual([{ of: 'user_metadata', userId: 'u', data: { seen: true } }])
})

test('each loaded rule has a global of its own, which lasts from login to login', async () => {
  const source = `function (user, context, callback) { user.hits = global.hits = (global.hits || 0) + 1; callback(null, user, context) }`
  const [one, other] = [loadRule(source), loadRule(source)]
  expect((await one({})).user['hits']).toBe(1)
  expect((await one({})).user['hits']).toBe(2)
  expect((await other({})).user['hits']).toBe(1)
})

test('nothing of one login’s values is there in the next', async () => {
  const rule = loadRule(
    `function (user, context, callback) { global.kept = global.kept || stub; user.same = global.kept === stub; callback(null, user, context) }`,
    {
      globals: { stub: () => 1 },
    },
  )
  await rule({})
  expect((await rule({})).user['same']).toBe(false)
})

test('a function of the rule’s does nothing once the rule is over', async () => {
  let kept: ((n: number) => unknown) | undefined
  const { outcome } = await find(`keep((n) => n)`, { keep: (given: typeof kept) => void (kept = given) })
  expect(outcome).toAllow()
  expect(kept?.(1)).toBeUndefined()
})
