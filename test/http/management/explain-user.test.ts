import { expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { useCalls, userPath } from './calls.ts'

const script = `(user, context, callback) => {
  context.idToken.app = context.clientName + ' ' + context.clientMetadata.tier;
  context.idToken.roles = user.app_metadata.roles;
  auth0.users.updateAppMetadata(user.user_id, { seen: true }).then(() => callback(null, user, context), callback) }`
const fixture = useServer([{ name: 'enrich', script }])
const { call } = useCalls(fixture)
const path = (): string => `${userPath(fixture.adaId)}/explain`

test('a user is explained by the rules of the moment, as a login to a client, and nothing is saved', async () => {
  const { status, body } = await call('GET', `${path()}?client_id=app`)
  expect([status, body]).toMatchObject([
    200,
    {
      outcome: 'allow',
      idToken: [
        { name: 'app', value: 'App gold', history: [{ rule: 'enrich', did: 'set' }] },
        {
          name: 'roles',
          value: ['admin'],
          history: [{ from: ['user.roles', 'user.app_metadata.roles', 'context.authorization.roles'] }],
        },
      ],
    },
  ])
  const { profile } = body as { profile: { name: string; origin?: unknown }[] }
  expect(profile.find(({ name }) => name === 'email')?.origin).toMatchObject({ source: 'store', field: 'email' })
  expect((await fixture.store.users.get(fixture.adaId))?.app_metadata).toEqual({ roles: ['admin'] })
  expect((await fixture.store.users.get(fixture.adaId))?.logins_count ?? 0).toBe(0)
})

test('it takes read:users, a user and a client that are there', async () => {
  expect((await call('GET', path(), undefined, ['read:rules'])).status).toBe(403)
  expect((await call('GET', `${userPath('auth0|nobody')}/explain`)).status).toBe(404)
  expect((await call('GET', `${path()}?client_id=nobody`)).body).toMatchObject({ errorCode: 'inexistent_client' })
})
