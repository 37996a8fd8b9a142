import { beforeAll, expect, test } from 'vitest'
import { app, useServer } from '../server.ts'
import { useCalls, userPath } from './calls.ts'

const deny = `(user, context, callback) =>
  callback(user.app_metadata.denied ? new UnauthorizedError('not today') : null, user, context)`
const fixture = useServer([{ name: 'deny', script: deny }])
const { call } = useCalls(fixture)

beforeAll(async () => {
  const { refresh_token: refreshToken = '' } = await fixture.logIn({ scope: 'openid offline_access' })
  await fixture.token({ grant_type: 'refresh_token', ...app, refresh_token: refreshToken })
  const wrong = { grant_type: 'password', ...app, username: 'ada@example.com', password: 'hunter2hunter2' }
  await fixture.token(wrong)
  await fixture.store.users.update(fixture.adaId, { app_metadata: { denied: true } })
  await fixture.logIn().catch(() => undefined)
  await fixture.store.users.update(fixture.adaId, { blocked: true })
  await fixture.logIn().catch(() => undefined)
})

test('every login of a user is logged, however it ended, and no password with it', async () => {
  const { body, text } = await call('GET', `${userPath(fixture.adaId)}/logs?sort=date:1`)
  expect(body).toMatchObject([
    { type: 's', client_id: 'app', client_name: 'App', ip: '203.0.113.9', user_name: 'ada@example.com' },
    { type: 'sertft' },
    { type: 'fp', description: 'Wrong email or password.' },
    { type: 'f', description: 'not today' },
    { type: 'f', description: 'The user is blocked.' },
  ])
  expect(text).not.toMatch(/hunter2|correct horse/)
})

test('the log is paged, newest first', async () => {
  const { body } = await call('GET', `${userPath(fixture.adaId)}/logs?per_page=2&page=1&include_totals=true`)
  expect(body).toMatchObject({ start: 2, limit: 2, length: 2, total: 5, logs: [{ type: 'fp' }, { type: 'sertft' }] })
})

test('it takes read:logs, and outlives the user', async () => {
  expect((await call('GET', `${userPath(fixture.adaId)}/logs`, undefined, ['read:users'])).status).toBe(403)
  await call('DELETE', userPath(fixture.adaId))
  expect((await call('GET', `${userPath(fixture.adaId)}/logs`)).body).toHaveLength(5)
})
