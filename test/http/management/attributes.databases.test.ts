import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type Attribute,
  type AttributeName,
  attributeRows,
  attributes,
} from '../../../src/profile/attributes/attributes.ts'
import type { User } from '../../../src/profile/user/user.ts'
import { testDatabases } from '../../store/databases.ts'
import { useServer } from '../server.ts'
import { type Answer, useCalls, userPath } from './calls.ts'

const connection = 'Username-Password-Authentication'

// In a file, SQLite says the same as in memory.
const databases = testDatabases().filter(([name]) => name !== 'SQLite in a file')

/** A right value for each attribute, unlike what a new user has. */
const samples: Readonly<Record<AttributeName, unknown>> = {
  user_id: 'chosen-id',
  email: 'sample@example.com',
  email_verified: true,
  username: 'sample',
  phone_number: '+4930123456',
  phone_verified: true,
  password: 'a sample that nobody may read',
  name: 'Sample',
  nickname: 'sam',
  given_name: 'Sam',
  family_name: 'Ple',
  picture: 'https://example.com/sample.png',
  blocked: true,
  user_metadata: { color: 'blue' },
  app_metadata: { plan: 'pro' },
  identities: [],
  created_at: '2020-01-01T00:00:00.000Z',
  updated_at: '2020-01-01T00:00:00.000Z',
  last_login: '2020-01-01T00:00:00.000Z',
  last_ip: '203.0.113.1',
  logins_count: 7,
}

describe.each(databases)('on %s', (_database, freshUrl) => {
  const fixture = useServer([], {}, {}, freshUrl)
  const { call } = useCalls(fixture)
  let count = 0

  beforeAll(async () => {
    const options = { set_user_root_attributes: 'on_first_login' } as const
    await fixture.store.connections.create({ name: 'synced', strategy: 'samlp' })
    await fixture.store.connections.create({ name: 'social', strategy: 'facebook' })
    await fixture.store.connections.create({ name: 'unsynced', strategy: 'samlp', options })
  })

  afterEach(async () => {
    const { users } = await fixture.store.users.list({ perPage: 100 })
    const ids = users.map(({ user_id: id = '' }) => id).filter((id) => id !== fixture.adaId)
    for (const id of ids) await fixture.store.users.delete(id)
  })

  async function newUser(name: string, provider = 'auth0'): Promise<User> {
    const isSocial = provider === 'facebook'
    return fixture.store.users.create({
      connection: name,
      provider,
      isSocial,
      email: `user${(count += 1)}@example.com`,
    })
  }

  async function create(body: object): Promise<Answer> {
    const unique = { email: `new${(count += 1)}@example.com`, password: 'some password' }
    return call('POST', '/users', { connection, ...unique, ...body })
  }

  async function patch(user: User, body: object): Promise<Answer> {
    return call('PATCH', userPath(user.user_id), body)
  }

  /** What a call shows of an attribute that was set to its sample. */
  function expectShown(answer: Answer, name: AttributeName, { isReadable: readable }: Attribute): void {
    const shown = name === 'user_id' ? `auth0|${String(samples[name])}` : samples[name]
    if (readable) expect(answer.body).toMatchObject({ [name]: shown })
    else expect(answer.text).not.toContain(JSON.stringify(samples[name]))
    expect(answer.text).not.toMatch(/argon2|hash/)
  }

  function expectSurplus(answer: Answer, name: string): void {
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      errorCode: 'invalid_body',
      message: expect.stringContaining(
        `'Additional properties not allowed: ${name} (consider storing them in app_metadata or user_metadata`,
      ) as string,
    })
  }

  describe.each(attributeRows)('%s', (name, attribute) => {
    const value = { [name]: samples[name] }

    test(`${attribute.isCreatable ? 'can' : 'cannot'} be given to a new user`, async () => {
      const answer = await create(value)
      if (!attribute.isCreatable) return expectSurplus(answer, name)
      expect(answer.status).toBe(201)
      expectShown(answer, name, attribute)
    })

    test(`${attribute.update === 'never' ? 'cannot' : 'can'} be changed on a database connection`, async () => {
      const user = await newUser(connection)
      const answer = await patch(user, value)
      if (attribute.update === 'never') {
        expectSurplus(answer, name)
        expect(await fixture.store.users.get(user.user_id ?? '')).toEqual(user)
        return
      }
      expect(answer.status).toBe(200)
      expectShown(answer, name, attribute)
      expectShown(await call('GET', userPath(user.user_id)), name, attribute)
    })

    test.each([
      { of: 'synced', provider: 'samlp', open: ['always'] },
      { of: 'social', provider: 'facebook', open: ['always', 'database-email-or-social'] },
      { of: 'unsynced', provider: 'samlp', open: ['always', 'unless-synced'] },
    ])('is changed on the $of connection only if it is not sourced from there', async ({ of, provider, open }) => {
      const user = await newUser(of, provider)
      const answer = await patch(user, value)
      if (attribute.update === 'never') return expectSurplus(answer, name)
      if (open.includes(attribute.update)) {
        expect(answer.status).toBe(200)
        expectShown(answer, name, attribute)
        return
      }
      expect(answer.status).toBe(400)
      const { message } = answer.body as { message: string }
      expect(message).toMatch(name === 'email' ? /^Cannot update email for this user/ : `cannot be updated: ${name}.`)
      expect(await fixture.store.users.get(user.user_id ?? '')).toEqual(user)
    })

    test(`${attribute.isNullable ? 'is unset by' : 'cannot be'} null`, async () => {
      const user = await newUser(connection)
      if (attribute.update !== 'never') await patch(user, value)
      const answer = await patch(user, { [name]: null })
      expect(answer.status).toBe(attribute.isNullable ? 200 : 400)
      if (attribute.isNullable) expect(answer.body).not.toHaveProperty(name)
    })

    test(`${attribute.isSearchable ? 'can' : 'cannot'} be searched by`, async () => {
      const user = await newUser(connection)
      if (attribute.update !== 'never') await patch(user, value)
      else await fixture.store.users.recordLogin(user.user_id ?? '', { ip: '203.0.113.1', atMs: Date.now() })
      const { body: shown } = await call('GET', userPath(user.user_id))
      const answer = await call('GET', `/users?q=${encodeURIComponent(queryFor(name, shown as User))}`)
      expect(answer.status).toBe(attribute.isSearchable ? 200 : 400)
      if (attribute.isSearchable) expect(answer.body).toMatchObject([{ user_id: user.user_id }])
      else expect(answer.body).toMatchObject({ errorCode: 'invalid_query_string' })
    })

    test(`${attribute.isSortable ? 'can' : 'cannot'} be sorted by`, async () => {
      const answer = await call('GET', `/users?sort=${name}:-1`)
      expect(answer.status).toBe(attribute.isSortable ? 200 : 400)
    })

    test('is refused with its name when its type or length is wrong', async () => {
      const user = await newUser(connection)
      for (const wrong of wrongValues(attribute)) {
        const answers = [await create({ [name]: wrong }), await patch(user, { [name]: wrong })]
        for (const answer of answers) {
          expect(answer.status).toBe(400)
          expect((answer.body as { message: string }).message).toContain(name)
        }
      }
    })
  })

  test('attributes sourced from a connection are refused together, in Auth0’s words', async () => {
    const user = await newUser('synced', 'samlp')
    const answer = await patch(user, { name: 'A', given_name: 'B', family_name: 'C', user_metadata: { a: 1 } })
    expect((answer.body as { message: string }).message).toMatch(
      /^The following user attributes cannot be updated: family_name, given_name, name\. The connection \(synced\) must either be a database connection \(using the Auth0 store\), a passwordless connection \(email or sms\) or has disabled 'Sync user profile attributes at each login'/,
    )
  })

  test('the table has every attribute that the profile knows', async () => {
    const { body } = await create(
      Object.fromEntries(attributeRows.filter(([, row]) => row.isCreatable).map(([name]) => [name, samples[name]])),
    )
    const names = Object.keys(body as object)
    expect(names.filter((name) => !Object.hasOwn(attributes, name))).toEqual([])
  })
})

/** A search that finds this user by this attribute, if any does. */
function queryFor(name: AttributeName, user: User): string {
  const { identities: _identities, ...root } = user
  const paths = { user_metadata: 'user_metadata.color:blue', app_metadata: 'app_metadata.plan:pro' }
  const path = { ...paths, identities: 'identities.provider:auth0' }[name as keyof typeof paths]
  const term = path ?? `${name}:${JSON.stringify(root[name] ?? samples[name])}`
  return name === 'user_id' ? term : `user_id:${JSON.stringify(user.user_id)} AND ${term}`
}

function wrongValues({ schema }: Attribute): unknown[] {
  const { type, maxLength, pattern } = schema as { type: string; maxLength?: number; pattern?: string }
  return [
    type === 'string' ? 7 : 'text',
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...(pattern === undefined ? [] : ['a b']),
    ...(type === 'object' ? [[]] : []),
  ]
}
