import { Management, ManagementError } from 'auth0'
import { ManagementApiError } from 'auth0-v4'
import { describe, expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { failureOf, useSdk } from './sdk.ts'

const connection = 'Username-Password-Authentication'
const fixture = useServer([])
const sdk = useSdk(fixture)

describe('the SDK 7', () => {
  test('creates, gets, lists, updates, finds by e-mail and deletes a user', async () => {
    const { users } = sdk.current
    const email = 'seven@example.com'
    const created = await users.create({
      connection,
      email,
      password: 'a long password',
      app_metadata: { plan: 'pro' },
    })
    const id = created.user_id ?? ''
    expect(await users.get(id)).toMatchObject({ email, app_metadata: { plan: 'pro' } })
    expect(await users.get(id, { fields: 'email', include_fields: true })).toEqual({ email })
    const found = await users.list({ q: 'app_metadata.plan:pro', search_engine: 'v3', sort: 'created_at:1' })
    expect(found.data.map((user) => user.user_id)).toEqual([id])
    const updated = await users.update(id, { name: 'Seven', app_metadata: { plan: null, seats: 3 } })
    expect(updated).toMatchObject({ name: 'Seven', app_metadata: { seats: 3 } })
    expect(await users.listUsersByEmail({ email: 'SEVEN@example.com' })).toMatchObject([{ user_id: id }])
    await users.delete(id)
    expect(await failureOf(users.get(id))).toMatchObject({ statusCode: 404, body: { errorCode: 'inexistent_user' } })
  })

  test('walks through all pages', async () => {
    const { users } = sdk.current
    for (const name of ['a', 'b', 'c']) {
      await users.create({ connection, email: `${name}@pages.example`, password: 'a long password' })
    }
    const emails: unknown[] = []
    for await (const user of await users.list({ q: 'email.domain:pages.example', sort: 'email:1', per_page: 2 })) {
      emails.push(user.email)
    }
    expect(emails).toEqual(['a@pages.example', 'b@pages.example', 'c@pages.example'])
  })

  test('gives and takes roles', async () => {
    const { roles, users } = sdk.current
    const { id = '' } = await roles.create({ name: 'editor', description: 'may write' })
    await users.roles.assign(fixture.adaId, { roles: [id] })
    const held = await users.roles.list(fixture.adaId)
    expect(held.data).toMatchObject([{ id, name: 'editor' }])
    const members = await roles.users.list(id)
    expect(members.data).toMatchObject([{ user_id: fixture.adaId, email: 'ada@example.com' }])
    await users.roles.delete(fixture.adaId, { roles: [id] })
    expect((await users.roles.list(fixture.adaId)).data).toEqual([])
    await roles.update(id, { name: 'writer' })
    expect((await roles.list({ name_filter: 'write' })).data).toMatchObject([{ id }])
    await roles.delete(id)
    expect(await failureOf(roles.get(id))).toMatchObject({ statusCode: 404 })
  })

  test('links and unlinks an identity', async () => {
    const { users } = sdk.current
    const other = await users.create({ connection, email: 'other@example.com', password: 'a long password' })
    const identity = { provider: 'auth0' as const, user_id: other.user_id ?? '' }
    expect(await users.identities.link(fixture.adaId, identity)).toHaveLength(2)
    const id = identity.user_id.slice('auth0|'.length)
    expect(await users.identities.delete(fixture.adaId, 'auth0', id)).toHaveLength(1)
    expect(await users.get(identity.user_id)).toMatchObject({ email: 'other@example.com' })
  })

  test('shows the log of logins', async () => {
    await fixture.logIn()
    const logs = await sdk.current.users.logs.list(fixture.adaId)
    expect(logs.data[0]).toMatchObject({ type: 's', user_id: fixture.adaId, client_id: 'app' })
  })

  test.each([
    [Management.BadRequestError, 400, (id: string) => sdk.current.users.update(id, { identities: [] } as never)],
    [Management.NotFoundError, 404, () => sdk.current.users.get('auth0|nobody')],
    [
      Management.ConflictError,
      409,
      () => sdk.current.users.create({ connection, email: 'ada@example.com', password: 'x' }),
    ],
  ])('throws a %o for %i', async (Expected, statusCode, call) => {
    const error = await failureOf(call(fixture.adaId))
    expect(error).toBeInstanceOf(ManagementError)
    expect(error).toBeInstanceOf(Expected)
    expect(error).toMatchObject({ statusCode, body: { statusCode } })
  })
})

describe('the SDK 4', () => {
  test('creates, gets, lists, updates, finds by e-mail and deletes a user', async () => {
    const { users, usersByEmail } = sdk.legacy
    const email = 'four@example.com'
    const { data: created, status } = await users.create({ connection, email, password: 'a long password' })
    expect(status).toBe(201)
    const id = created.user_id
    expect((await users.get({ id })).data).toMatchObject({ email })
    const query = { q: 'email:"four@example.com"', search_engine: 'v3', include_totals: true } as const
    expect((await users.getAll(query)).data).toMatchObject({ total: 1, start: 0, users: [{ user_id: id }] })
    expect((await users.getAll({ per_page: 1 })).data).toHaveLength(1)
    const { data: updated } = await users.update({ id }, { user_metadata: { color: 'blue' }, nickname: 'four' })
    expect(updated).toMatchObject({ nickname: 'four', user_metadata: { color: 'blue' } })
    expect((await usersByEmail.getByEmail({ email })).data).toMatchObject([{ user_id: id }])
    expect((await users.delete({ id })).status).toBe(204)
  })

  test('gives a role, and shows who has it', async () => {
    const { roles, users } = sdk.legacy
    const { data: role } = await roles.create({ name: 'reader' })
    await users.assignRoles({ id: fixture.adaId }, { roles: [role.id] })
    expect((await users.getRoles({ id: fixture.adaId })).data).toMatchObject([{ name: 'reader' }])
    await roles.assignUsers({ id: role.id }, { users: [fixture.adaId] })
    expect((await roles.getUsers({ id: role.id })).data).toMatchObject([{ user_id: fixture.adaId }])
    await roles.delete({ id: role.id })
  })

  test('throws its own error with code and status', async () => {
    const error = await failureOf(sdk.legacy.users.get({ id: 'auth0|nobody' }))
    expect(error).toBeInstanceOf(ManagementApiError)
    expect(error).toMatchObject({ statusCode: 404, errorCode: 'inexistent_user', error: 'Not Found' })
  })
})
