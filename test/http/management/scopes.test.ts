import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../src/http/management/operation.ts'
import { operations } from '../../../src/http/management/operations.ts'
import { clientScopes, isForCurrentUser } from '../../../src/http/management/scopes.ts'
import { issuer, password, useServer } from '../server.ts'
import { useCalls } from './calls.ts'

const fixture = useServer([])
const { call, callWith } = useCalls(fixture)

/** The operation's path, for this user where it is about one. */
function pathOf({ path }: Operation, id: string): string {
  return path.replace('{id}', encodeURIComponent(id)).replaceAll(/\{\w+\}/g, 'x')
}

async function own(scope: string): Promise<string> {
  const { access_token: token = '' } = await fixture.logIn({ scope, audience: `${issuer}/api/v2/` })
  return token
}

const named = operations.map((one) => [one.id, one] as const)

test.each(named)('%s is closed to every scope but its own', async (_id, one) => {
  const others = clientScopes.filter((scope) => !one.scopes.includes(scope))
  const answer = await call(one.method, pathOf(one, 'nobody'), undefined, others)
  expect(answer).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } })
})

describe('a scope for the current user', () => {
  const mine = named.filter(([, { scopes }]) => scopes.some(isForCurrentUser))

  test.each(mine)('opens %s for that user, and for nobody else', async (_id, one) => {
    const token = await own(one.scopes.filter(isForCurrentUser).join(' '))
    const others = await callWith(token, one.method, pathOf(one, 'auth0|somebody-else'))
    expect(others).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } })
    const theirs = await callWith(token, one.method, pathOf(one, fixture.adaId))
    expect(theirs.status).not.toBe(401)
    expect(theirs.text).not.toContain('Insufficient scope')
    if (one.method === 'DELETE') await restore()
  })

  /** Deleting oneself is one of them. */
  async function restore(): Promise<void> {
    if ((await fixture.store.users.get(fixture.adaId)) !== undefined) return
    const [, id = ''] = fixture.adaId.split('|')
    const connection = 'Username-Password-Authentication'
    await fixture.store.users.create({ connection, user_id: id, email: 'ada@example.com', password })
  }

  test('opens nothing that is about no user', () => {
    const elsewhere = operations.filter(({ path }) => !path.startsWith('/users/{id}'))
    expect(elsewhere.filter(({ scopes }) => scopes.some(isForCurrentUser))).toEqual([])
  })
})
