import { fileURLToPath } from 'node:url'
import type { Store } from '../store/store.ts'

/** The rules that the demo runs. */
export const demoRules: string = fileURLToPath(new URL('../../rules-examples', import.meta.url))

const password = 'correct horse battery staple'
const connection = 'Username-Password-Authentication'

/** The scopes of the Management API, as far as it manages users, rules, connections and jobs. */
const managementScopes = [
  ...['users', 'users_app_metadata', 'clients', 'connections', 'rules', 'roles', 'role_members'].flatMap((what) =>
    ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:${what}`),
  ),
  'read:rules_configs',
  'update:rules_configs',
  'delete:rules_configs',
  'read:logs',
  'read:logs_users',
]

/** Fills an empty store with three users and two clients. Everything in it is public: it is for trying things out. */
export async function seedDemo(store: Store, issuer: string): Promise<void> {
  await store.users.create({
    connection,
    email: 'ada@example.com',
    email_verified: true,
    password,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    nickname: 'ada',
  })
  await store.users.create({
    connection,
    email: 'grace@example.com',
    email_verified: true,
    password,
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
    password,
    name: 'Mallory',
    nickname: 'mallory',
  })
  await store.clients.create({
    client_id: 'demo-app',
    client_secret: 'demo-app-secret',
    name: 'Demo application',
    grant_types: ['password', 'http://auth0.com/oauth/grant-type/password-realm', 'refresh_token'],
  })
  await store.clients.create({
    client_id: 'demo-management',
    client_secret: 'demo-management-secret',
    name: 'Demo management client',
    grant_types: ['client_credentials'],
    audience: `${issuer}/api/v2/`,
    scopes: managementScopes,
  })
}

/** What a newcomer can paste: the enriched profile, the raw claims of the same login, and a refused one. */
export function demoCommands(issuer: string): string {
  const ask = (user: string): string =>
    `curl -s ${issuer}/oauth/token -d grant_type=password -d client_id=demo-app -d client_secret=demo-app-secret \\\n` +
    `    -d username=${user} -d 'password=${password}' -d 'scope=openid profile email'`
  return `
Log in as grace, and keep the answer:

  TOKENS=$(${ask('grace@example.com')})

1. Her profile as the rules enriched it:

  curl -s ${issuer}/userinfo -H "Authorization: Bearer $(echo "$TOKENS" | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')"

2. The raw claims of the same login's ID token:

  curl -s ${issuer}/tokeninfo -d "id_token=$(echo "$TOKENS" | sed 's/.*"id_token":"\\([^"]*\\)".*/\\1/')"

3. A login that a rule refuses:

  ${ask('mallory@evil.example')}

The rules are in ${demoRules}. Try \`claimsmith run\` on them.
`
}
