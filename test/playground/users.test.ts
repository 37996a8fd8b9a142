import { expect, test } from 'vitest'
import { usePlayground } from './fixture.ts'

const fixture = usePlayground({ rules: 'rules-examples' })

const profilesOf = async (email: string) =>
  (await fixture.call('POST', '/profiles', { userId: await fixture.idOf(email) })).body

test('a profile is shown raw, after the rules, and resolved as /userinfo does', async () => {
  const { raw, enriched, overlaid, outcome } = await profilesOf('grace@example.com')
  expect(outcome).toBe('allow')
  expect(raw).toMatchObject({ email: 'grace@example.com', picture: expect.stringContaining('from-the-provider') })
  expect(raw).not.toHaveProperty('roles')
  expect(enriched).toMatchObject({ roles: ['admin', 'employee'] })
  expect(overlaid).toMatchObject({ picture: 'https://example.com/pictures/chosen-by-grace.png' })
})

test('what an update may not set says why: kept by us, or held by the connection', async () => {
  const reasons = async (email: string): Promise<Record<string, string | undefined>> => {
    const { fields } = await profilesOf(email)
    return Object.fromEntries(fields.map(({ name, reason }: { name: string; reason?: string }) => [name, reason]))
  }
  const ada = await reasons('ada@example.com')
  expect([ada['name'], ada['user_metadata'], ada['email']]).toEqual([undefined, undefined, undefined])
  expect(ada['user_id']).toContain('no update sets it')
  expect(ada).not.toHaveProperty('password')
  const lin = await reasons('lin@example.org')
  expect(lin['picture']).toContain('The connection (facebook)')
  expect(lin['app_metadata']).toBeUndefined()
})

test('a chosen login has the user, client, connection and protocol that were asked for', async () => {
  const userId = await fixture.idOf('ada@example.com')
  const asked = { userId, clientId: 'demo-app', connection: 'facebook', protocol: 'samlp' }
  const { body } = await fixture.call('POST', '/login', asked)
  expect(body.user.email).toBe('ada@example.com')
  expect(body.context).toMatchObject({
    clientID: 'demo-app',
    connection: 'facebook',
    connectionStrategy: 'facebook',
    protocol: 'samlp',
    request: { ip: '203.0.113.9' },
  })
})

test('a user who is not there is refused', async () => {
  for (const route of ['/login', '/profiles']) {
    expect(await fixture.call('POST', route, { userId: 'auth0|nobody' })).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_user' },
    })
  }
})
