import { beforeAll, expect, test } from 'vitest'
import { type Provider, connectProvider } from '../login/provider.ts'
import { app, claimsOf, issuer, useServer } from './server.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const script = `function (user, context, callback) {
  user.seen = { body: context.request.body, protocol: context.protocol };
  callback(null, user, context);
}`
const server = useServer([{ name: 'see', script }], { overlay: { picture: 'user_metadata.picture || picture' } })
const client = { client_id: 'federated', client_secret: 'federated-secret-federated' }
const fromProvider = 'https://facebook.example/lin.png'
const chosen = 'https://chosen.example/lin.png'
let facebook: Provider

beforeAll(async () => {
  const strategy = { name: 'facebook', strategy: 'facebook' }
  facebook = await connectProvider(server.store, { audience: `${issuer}/oauth/token`, nowMs: Date.now() }, strategy)
  await server.store.clients.create({ ...client, name: 'Federated', grant_types: [grantType] })
})

async function post(form: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await server.token({ grant_type: grantType, ...form })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('the picture comes from the provider until the user sets one in user_metadata, and both stay what they are', async () => {
  const logIn = async (): Promise<[Record<string, unknown>, Record<string, unknown>]> => {
    const { body } = await post({ ...client, assertion: facebook.assert({ name: 'Lin', picture: fromProvider }) })
    const profile = await server.get('/userinfo', String(body['access_token']))
    return [(await profile.json()) as Record<string, unknown>, claimsOf(String(body['id_token']))]
  }
  const [first] = await logIn()
  expect(first).toMatchObject({ sub: 'facebook|1', name: 'Lin', picture: fromProvider })
  await server.store.users.update('facebook|1', { user_metadata: { picture: chosen } })
  const [profile, raw] = await logIn()
  expect(profile).toMatchObject({ picture: chosen, identities: [{ profileData: { picture: fromProvider } }] })
  expect(raw).toMatchObject({ sub: 'facebook|1', picture: fromProvider })
  expect(await server.store.users.get('facebook|1')).toMatchObject({ picture: fromProvider })
  expect(profile['seen']).toEqual({
    protocol: 'oauth2-resource-owner-jwt-bearer',
    body: { grant_type: grantType, client_id: 'federated' },
  })
})

test('an assertion that is not believed is 403 invalid_grant, and says why without repeating it', async () => {
  for (const assertion of [
    facebook.assert({ aud: 'elsewhere' }),
    facebook.assert({}, { alg: 'none' }),
    'nonsense',
    'a.b.c',
  ]) {
    const { status, body } = await post({ ...client, assertion })
    expect({ status, body }).toMatchObject({ status: 403, body: { error: 'invalid_grant' } })
    expect(JSON.stringify(body)).not.toContain(assertion)
  }
})

test('the client must authenticate, be allowed the grant, and send an assertion', async () => {
  const assertion = facebook.assert({ sub: 'never' })
  expect(await post({ assertion })).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  expect(await post({ ...app, assertion })).toMatchObject({ status: 403, body: { error: 'unauthorized_client' } })
  expect(await post(client)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  expect(await server.store.users.get('facebook|never')).toBeUndefined()
})

test('discovery names the grant', async () => {
  const metadata = await (await server.get('/.well-known/openid-configuration')).json()
  expect((metadata as { grant_types_supported: string[] }).grant_types_supported).toContain(grantType)
})
