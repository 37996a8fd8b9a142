import { fileURLToPath } from 'node:url'
import { clientScopes } from '../../http/management/scopes.ts'
import type { Store } from '../../store/contract/store.ts'
import { seedProvider } from './demo-provider.ts'

/** The rules that the demo runs. */
export const demoRules: string = fileURLToPath(new URL('../../../rules-examples', import.meta.url))

const password = 'correct horse battery staple'
const assertionGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
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

/** Formats commands to paste: for the enriched and the raw profile, a denied login, and a login by assertion. `rules` is their path. */
export function formatDemoCommands(issuer: string, assertion: string, rules: string): string {
  const client = '-d client_id=demo-app -d client_secret=demo-app-secret'
  const formatTokenRequest = (user: string): string =>
    `curl -s ${issuer}/oauth/token \\\n    -d grant_type=password ${client} \\\n` +
    `    -d username=${user} -d 'password=${password}' -d 'scope=openid profile email'`
  const formatTokenLookup = (token: string, tokens: string): string =>
    `$(echo "$${tokens}" | sed 's/.*"${token}":"\\([^"]*\\)".*/\\1/')`
  return `
Log in as grace, and keep the answer:

  TOKENS=$(${formatTokenRequest('grace@example.com')})

1. Her profile as the rules enriched it:

  curl -s ${issuer}/userinfo \\
    -H "Authorization: Bearer ${formatTokenLookup('access_token', 'TOKENS')}"

2. The raw claims of the same login's ID token:

  curl -s ${issuer}/tokeninfo \\
    -d "id_token=${formatTokenLookup('id_token', 'TOKENS')}"

3. A login that a rule denies:

  ${formatTokenRequest('mallory@evil.example')}

4. A login of lin, who comes from facebook; its assertion about her is valid for 12 hours:

  ASSERTION=${assertion}

  LIN=$(curl -s ${issuer}/oauth/token \\
    -d grant_type=${assertionGrant} ${client} \\
    -d "assertion=$ASSERTION" -d 'scope=openid profile email')

5. Her picture comes from facebook, and the one she set in user_metadata wins:

  curl -s ${issuer}/userinfo \\
    -H "Authorization: Bearer ${formatTokenLookup('access_token', 'LIN')}"

6. The Management API in a browser; authorize as demo-management, whose secret is demo-management-secret:

  ${issuer}/api/v2/explorer

The rules are in ${rules}. Try \`claimsmith run\` on them.
`
}
