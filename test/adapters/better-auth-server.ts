import { createHash, randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { oauthProvider } from '@better-auth/oauth-provider'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { jwt } from 'better-auth/plugins'
import type { BetterAuthRules } from '../../src/adapters/better-auth/index.ts'

const origin = 'http://127.0.0.1:4570'
const callback = 'https://shop.example/callback'
const password = 'correct horse battery staple'
export const api = 'https://api.example/'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, string>>
}

export interface BetterAuthServer {
  /** A person logs in at the client, consents, and the client asks for tokens. */
  login(email: string, parameters?: Readonly<Record<string, string>>): Promise<Answer>
  refresh(token: string): Promise<Answer>
  userinfo(accessToken: string): Promise<Answer>
  introspect(token: string): Promise<Answer>
  /** How many rows a table has. */
  count(table: string): number
}

/** better-auth with an OAuth provider, a client, and the people given, who all have the same password. */
export async function openBetterAuth(
  rules: BetterAuthRules,
  people: Readonly<Record<string, string>>,
): Promise<BetterAuthServer> {
  const database = new DatabaseSync(':memory:')
  const options = {
    baseURL: origin,
    secret: 'a-secret-of-at-least-thirty-two-characters',
    database,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    plugins: [
      jwt(),
      // Under exactOptionalPropertyTypes it is not assignable to what betterAuth takes.
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        resources: [api],
        enforcePerClientResources: false,
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
        ...rules.options,
      }) as unknown as BetterAuthPlugin,
    ],
  }
  await (await getMigrations(options)).runMigrations()
  const auth = betterAuth(options)

  async function send(path: string, init: RequestInit): Promise<Answer & { readonly headers: Headers }> {
    const response = await auth.handler(new Request(`${origin}/api/auth${path}`, init))
    const text = await response.text()
    const body = (text === '' ? {} : JSON.parse(text)) as Answer['body']
    return { status: response.status, headers: response.headers, body }
  }
  const post = (path: string, body: object, cookie = '') =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify(body),
    })

  let admin = ''
  for (const [email, name] of Object.entries(people)) {
    admin = cookieOf((await post('/sign-up/email', { email, name, password })).headers)
  }
  const metadata = {
    client_name: 'Shop',
    redirect_uris: [callback],
    scope: 'openid profile email offline_access',
    grant_types: ['authorization_code', 'refresh_token'],
  }
  const { client_id: clientId = '', client_secret: clientSecret = '' } = (
    await post('/oauth2/create-client', metadata, admin)
  ).body
  const form = (path: string, fields: Readonly<Record<string, string>>) =>
    send(path, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams(fields),
    })

  return {
    async login(email, parameters = {}) {
      const verifier = randomBytes(32).toString('base64url')
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: callback,
        scope: 'openid profile email offline_access',
        state: 'a state',
        code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        prompt: 'consent',
        ...parameters,
      })
      const sent = await auth.handler(new Request(`${origin}/api/auth/oauth2/authorize?${query.toString()}`))
      const asked = queryOf(sent.headers.get('location'))
      const signedIn = await post('/sign-in/email', { email, password, oauth_query: asked })
      const cookie = cookieOf(signedIn.headers)
      const consent = { accept: true, oauth_query: queryOf(signedIn.body['url']) }
      const consented = await post('/oauth2/consent', consent, cookie)
      const code = new URLSearchParams(queryOf(consented.body['url'])).get('code') ?? ''
      return form('/oauth2/token', {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: callback,
      })
    },
    refresh: (token) => form('/oauth2/token', { grant_type: 'refresh_token', refresh_token: token }),
    userinfo: (token) => send('/oauth2/userinfo', { headers: { authorization: `Bearer ${token}` } }),
    introspect: (token) => form('/oauth2/introspect', { token }),
    count: (table) => Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n']),
  }
}

function queryOf(location: string | null | undefined): string {
  return new URL(location ?? '', origin).search.slice(1)
}

function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
