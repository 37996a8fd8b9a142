import { fileURLToPath } from 'node:url'
import { clientScopes } from '../../http/management/scopes.ts'
import type { Store } from '../../store/contract/store.ts'
import { seedProvider } from './demo-provider.ts'

/** The rules that the demo runs. */
export const demoRules: string = fileURLToPath(new URL('../../../rules-examples', import.meta.url))

/** The password of all users of the demo. */
export const demoPassword = 'correct horse battery staple'
export const assertionGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const connection = 'Username-Password-Authentication'

/**
 * Fills an empty store with users, clients and a connection, for trying things out. Their secrets are public.
 *
 * Resolves to an assertion to log in with.
 */
export async function seedDemo(store: Store, issuer: string): Promise<string> {
  await store.users.create({
    connection,
    email: 'ada@example.com',
    email_verified: true,
    password: demoPassword,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    nickname: 'ada',
  })
  await store.users.create({
    connection,
    email: 'grace@example.com',
    email_verified: true,
    password: demoPassword,
    name: 'Grace Hopper',
    given_name: 'Grace',
    family_name: 'Hopper',
    nickname: 'grace',
    picture: 'https://example.com/pictures/from-the-provider.png',
    user_metadata: { picture: 'https://example.com/pictures/chosen-by-grace.png' },
    app_metadata: { roles: ['admin'] },
  })
  await store.users.create({
    connection,
    email: 'mallory@evil.example',
    password: demoPassword,
    name: 'Mallory',
    nickname: 'mallory',
  })
  await store.clients.create({
    client_id: 'demo-app',
    client_secret: 'demo-app-secret',
    name: 'Demo application',
    grant_types: ['password', 'http://auth0.com/oauth/grant-type/password-realm', 'refresh_token', assertionGrant],
  })
  await store.clients.create({
    client_id: 'demo-management',
    client_secret: 'demo-management-secret',
    name: 'Demo management client',
    grant_types: ['client_credentials'],
    audience: `${issuer}/api/v2/`,
    scopes: clientScopes,
  })
  return await seedProvider(store, issuer)
}
