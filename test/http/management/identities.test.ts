import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { app, issuer, password, useServer } from '../server.ts'
import { type Answer, useCalls, userPath } from './calls.ts'

const connection = 'Username-Password-Authentication'
const fixture = useServer([])
const { call, callWith } = useCalls(fixture)
const facebook = { provider: 'facebook', user_id: '42' }
let count = 0
let second = { provider: 'auth0', user_id: '', email: '' }

beforeAll(async () => {
  await fixture.store.users.create({ connection: 'facebook', ...facebook, isSocial: true, name: 'Ada Social' })
})

beforeEach(async () => {
  const id = `second${(count += 1)}`
  second = { provider: 'auth0', user_id: id, email: `${id}@example.com` }
  await fixture.store.users.create({ connection, user_id: id, email: second.email, password })
})

afterEach(async () => {
  const { identities = [] } = (await fixture.store.users.get(fixture.adaId)) ?? {}
  for (const { provider, user_id: id } of identities.slice(1)) await unlink({ provider, user_id: id })
})

async function tokens(username: string, more: Record<string, string>): Promise<Record<string, string>> {
  const response = await fixture.token({ grant_type: 'password', ...app, username, password, ...more })
  return (await response.json()) as Record<string, string>
}

async function own(body: object): Promise<Answer> {
  const audience = `${issuer}/api/v2/`
  const { access_token: token = '' } = await tokens('ada@example.com', {
    audience,
    scope: 'update:current_user_identities',
  })
  return callWith(token, 'POST', `${userPath(fixture.adaId)}/identities`, body)
}

function link(body: object): Promise<Answer> {
  return call('POST', `${userPath(fixture.adaId)}/identities`, body)
}

async function unlink({ provider, user_id: id }: typeof facebook): Promise<Answer> {
  return call('DELETE', `${userPath(fixture.adaId)}/identities/${provider}/${encodeURIComponent(id)}`)
}

describe('POST /users/{id}/identities', () => {
  test('links by provider and id, with or without the prefix; a login with it is one of the first user', async () => {
    const answer = await link({ provider: 'auth0', user_id: `auth0|${second.user_id}` })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject([
      { connection },
      { user_id: second.user_id, profileData: { email: second.email } },
    ])
    const { access_token: token = '' } = await tokens(second.email, { scope: 'openid' })
    expect(await (await fixture.get('/userinfo', token)).json()).toMatchObject({ user_id: fixture.adaId })
    expect((await call('GET', userPath(`auth0|${second.user_id}`))).status).toBe(404)
  })

  test('links what an ID token proves, for the user’s own token too', async () => {
    const { id_token: idToken } = await tokens(second.email, { scope: 'openid' })
    expect((await own({ link_with: idToken })).status).toBe(201)
  })

  test('lets nobody take an account without its ID token', async () => {
    const answer = await own({ provider: 'auth0', user_id: second.user_id })
    expect(answer.status).toBe(403)
    expect((await call('GET', userPath(`auth0|${second.user_id}`))).status).toBe(200)
  })

  test('takes no ID token of another client, of a blocked user, or a forged one', async () => {
    const other = { client_id: 'other', client_secret: 'other-secret-other' }
    if ((await fixture.store.clients.get('other')) === undefined)
      await fixture.store.clients.create({ ...other, name: 'Other', grant_types: ['password'] })
    const foreign = await tokens(second.email, { ...other, scope: 'openid' })
    expect((await own({ link_with: foreign['id_token'] })).status).toBe(400)
    const { id_token: idToken } = await tokens(second.email, { scope: 'openid' })
    await call('PATCH', userPath(`auth0|${second.user_id}`), { blocked: true })
    for (const text of [idToken, 'nonsense']) expect((await link({ link_with: text })).status).toBe(400)
  })

  test.each([
    [{}, 400],
    [{ provider: 'auth0' }, 400],
    [{ provider: 'auth0', user_id: 'nobody' }, 400],
    [{ provider: 'auth0', user_id: 'second1', connection_id: 'con_none' }, 400],
    [{ provider: 'auth0', user_id: 'second1', link_with: 'x' }, 400],
    [{ provider: 7, user_id: 'x' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await link(body)).status).toBe(status)
  })

  test('refuses what is linked already, and a user that is not there', async () => {
    await link(facebook)
    expect((await link(facebook)).body).toMatchObject({ statusCode: 409, errorCode: 'identity_conflict' })
    expect((await call('POST', `${userPath('auth0|nobody')}/identities`, facebook)).status).toBe(404)
  })
})

describe('DELETE /users/{id}/identities/{provider}/{user_id}', () => {
  test('answers with what is left; the identity is a user again', async () => {
    await link(facebook)
    const answer = await unlink(facebook)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject([{ provider: 'auth0' }])
    expect((await call('GET', userPath('facebook|42'))).body).toMatchObject({ name: 'Ada Social' })
  })

  test('refuses the first identity, and one that is not the user’s', async () => {
    const first = { provider: 'auth0', user_id: fixture.adaId.slice('auth0|'.length) }
    expect((await unlink(first)).status).toBe(400)
    expect((await unlink(facebook)).status).toBe(404)
  })
})

describe('PATCH with the connection of a linked identity', () => {
  test('changes that identity’s address and password, and nothing of the user', async () => {
    await fixture.store.connections.create({ name: `partners${count}`, strategy: 'auth0' })
    const partner = {
      connection: `partners${count}`,
      user_id: `partner${count}`,
      email: 'partner@example.com',
      password,
    }
    await fixture.store.users.create(partner)
    await link({ provider: 'auth0', user_id: partner.user_id })
    const patch = { connection: partner.connection, email: 'new-partner@example.com', password: 'a new password' }
    const answer = await call('PATCH', userPath(fixture.adaId), patch)
    expect(answer.body).toMatchObject({ email: 'ada@example.com' })
    const login = { connection: partner.connection, identifier: patch.email, password: patch.password }
    expect(await fixture.store.users.authenticate(login)).toMatchObject({ user_id: fixture.adaId })
    const refused = await call('PATCH', userPath(fixture.adaId), { connection: partner.connection, blocked: true })
    expect(refused.body).toMatchObject({ statusCode: 400, errorCode: 'operation_not_supported' })
  })
})
