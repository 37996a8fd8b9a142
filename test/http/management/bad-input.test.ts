import { describe, expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { useCalls, userPath } from './calls.ts'

const fixture = useServer([])
const { call } = useCalls(fixture)
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

describe('a body', () => {
  test.each([
    ['no JSON', '{"name":'],
    ['empty', ''],
    ['no object', '[]'],
    ['a prototype key', '{"user_metadata":{"__proto__":{"admin":true}}}'],
    ['a constructor key', '{"user_metadata":{"constructor":{"prototype":{"admin":true}}}}'],
    ['an attribute named __proto__', '{"__proto__":{"blocked":true}}'],
    ['nested too deeply', `{"user_metadata":${deep(40)}}`],
    ['nested far too deeply', `{"user_metadata":${deep(100_000)}}`],
    ['NUL in a value', '{"name":"a\\u0000b"}'],
    ['NUL in a name', '{"user_metadata":{"a\\u0000b":1}}'],
    ['half a character', '{"name":"\\ud800"}'],
    ['no property at all', '{}'],
  ])('that is or has %s is 400', async (_, text) => {
    const before = await fixture.store.users.get(fixture.adaId)
    const answer = await call('PATCH', userPath(fixture.adaId), text)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ statusCode: 400, error: 'Bad Request', errorCode: 'invalid_body' })
    expect(await fixture.store.users.get(fixture.adaId)).toEqual(before)
  })

  test('over a megabyte is 413', async () => {
    const answer = await call('PATCH', userPath(fixture.adaId), { user_metadata: { text: 'x'.repeat(1_000_001) } })
    expect(answer.body).toMatchObject({ statusCode: 413, errorCode: 'invalid_body' })
  })

  test.each([
    [{ email: 7 }, "'Expected type string or null but found type integer' on property email."],
    [{ name: '' }, "'String is too short (0 chars), minimum 1' on property name."],
    [{ nickname: 'x'.repeat(301) }, "'String is too long (301 chars), maximum 300' on property nickname."],
    [{ phone_number: '030' }, "'String does not match pattern: ^\\+[0-9]{1,15}$' on property phone_number."],
    [{ user_metadata: [] }, "'Expected type object or null but found type array' on property user_metadata."],
  ])('%j is refused with its path', async (body, complaint) => {
    const answer = await call('PATCH', userPath(fixture.adaId), body)
    expect(answer.body).toMatchObject({ statusCode: 400, message: `Payload validation error: ${complaint}` })
  })
})

test.each(['%00', '%ff', '..%2f..', 'auth0%7C%F0%9F', 'x'.repeat(5000)])(
  'the path /users/%s names nobody, and nothing breaks',
  async (id) => {
    expect([400, 404]).toContain((await call('GET', `/users/${id}`)).status)
  },
)

test('a wrong password in a body is in no answer', async () => {
  const secret = 'a secret that nobody may read'
  const connection = 'Username-Password-Authentication'
  for (const body of [
    { password: [secret] },
    { password: secret, nope: 1 },
    { connection, email: secret, password: secret },
  ]) {
    expect((await call('POST', '/users', body)).text).not.toContain(secret)
    expect((await call('PATCH', userPath(fixture.adaId), { ...body, name: 7 })).text).not.toContain(secret)
  }
})

test('roles are given to all or to nobody, and an unknown role is 404', async () => {
  const { body: role } = await call('POST', '/roles', { name: 'editor' })
  const { id } = role as { id: string }
  expect((await call('POST', '/roles', { name: 'editor' })).status).toBe(409)
  expect((await call('POST', `/roles/${id}/users`, { users: [fixture.adaId, 'auth0|nobody'] })).status).toBe(409)
  expect((await call('GET', `/roles/${id}/users?include_totals=true`)).body).toMatchObject({ total: 0, users: [] })
  expect((await call('POST', `${userPath('auth0|nobody')}/roles`, { roles: [id] })).status).toBe(404)
  for (const path of ['', '/users']) expect((await call('GET', `/roles/rol_none${path}`)).status).toBe(404)
  expect((await call('POST', `${userPath(fixture.adaId)}/roles`, { roles: [] })).status).toBe(400)
})
