import { decodeJwt } from 'jose'
import { createBetterAuthRules } from '../../src/adapters/better-auth/index.ts'
import { createProviderRules } from '../../src/adapters/oidc-provider/index.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { createCognitoHandler } from '../../src/http/hooks/cognito.ts'
import type { HookVendor } from '../../src/http/hooks/hook-vendors.ts'
import { createHooks } from '../../src/http/hooks/hooks.ts'
import { createAuthServer } from '../../src/http/server.ts'
import { openStore } from '../../src/store/index.ts'
import { deliver, payloads, secrets } from '../http/hooks/deliveries.ts'
import { openBetterAuth } from './better-auth-server.ts'
import { openOidcProvider } from './oidc-provider-server.ts'

type Claims = Readonly<Record<string, unknown>>
export type LoggedIn = { readonly refused: unknown } | { readonly idToken?: Claims; readonly accessToken: Claims }

/** A server that runs the rules: how somebody logs in there, and what their tokens have. */
export interface Row {
  readonly tokens: 'both' | 'merged' | 'access token'
  open(
    engine: Engine,
    folder: string,
  ): Promise<{ login(email: string): Promise<LoggedIn>; close?(): void | Promise<void> }>
}

const emails = ['ada@example.com', 'mallory@evil.example']

async function openOurs(_: Engine, folder: string): ReturnType<Row['open']> {
  const connection = 'Username-Password-Authentication'
  const password = 'correct horse battery staple'
  const issuer = 'http://127.0.0.1:4573'
  const store = await openStore('memory:')
  for (const email of emails) await store.users.create({ connection, email, password })
  const app = { client_id: 'shop', client_secret: 'a-long-random-secret' }
  await store.clients.create({ ...app, name: 'Shop', grant_types: ['password'] })
  const server = await createAuthServer({ issuer, store, engine: { rules: folder, limits: { workers: 1 } } })
  return {
    async login(username) {
      const form = {
        ...app,
        grant_type: 'password',
        username,
        password,
        scope: 'openid',
        audience: 'https://api.example/',
      }
      const body = new URLSearchParams(form)
      const response = await server.handler(new Request(`${issuer}/oauth/token`, { method: 'POST', body }))
      return ofTokens((await response.json()) as Record<string, string>)
    },
    async close() {
      await server.close()
      await store.close()
    },
  }
}

function ofTokens(answer: Readonly<Record<string, string>>): LoggedIn {
  if (answer['error'] !== undefined) return { refused: answer['error_description'] }
  return { idToken: decodeJwt(answer['id_token'] ?? ''), accessToken: decodeJwt(answer['access_token'] ?? '') }
}

async function openProvider(engine: Engine): ReturnType<Row['open']> {
  const findUser = async (id: string) => ({ user_id: id, email: id })
  const { configuration, policy } = createProviderRules({ engine, findUser })
  const declared = ['domain', 'roles'].map((name) => `https://example.com/${name}`)
  const claims = { openid: ['sub', ...declared] }
  const server = await openOidcProvider({ configuration: { ...configuration, claims }, policy })
  return {
    async login(email) {
      const answer = await server.login(email)
      if (answer['error'] !== undefined) return { refused: answer['error_description'] }
      return {
        idToken: decodeJwt(answer['id_token'] ?? ''),
        accessToken: await server.introspect(answer['access_token'] ?? ''),
      }
    },
    close: () => server.close(),
  }
}

async function openBetter(engine: Engine): ReturnType<Row['open']> {
  const people = Object.fromEntries(emails.map((email) => [email, email]))
  const server = await openBetterAuth(createBetterAuthRules({ engine }), people)
  return {
    async login(email) {
      const { body } = await server.login(email)
      if (body['error'] !== undefined) return { refused: body['error_description'] }
      const accessToken = (await server.introspect(body['access_token'] ?? '')).body
      return { idToken: decodeJwt(body['id_token'] ?? ''), accessToken }
    },
  }
}

/** What hooks answer, one vendor this and another that. */
interface HookReply {
  readonly session?: { readonly id_token: Claims; readonly access_token: Claims }
  readonly error_description?: string
  readonly append_claims?: readonly { readonly key: string; readonly value: unknown }[]
  readonly forwardedErrorMessage?: string
  readonly commands?: readonly OktaCommand[]
  readonly error?: { readonly errorSummary?: string; readonly message?: string }
  readonly claims?: Claims
  readonly denied?: string
}

/** The hook of a hosted server; `read` says what its tokens come to have, or why there are none. */
function hook(
  vendor: HookVendor,
  read: (call: (more?: object) => Promise<HookReply>) => Promise<LoggedIn>,
): Row['open'] {
  return async (engine) => {
    const handler = createHooks({ engine, secrets })
    return {
      login: (email) =>
        read(async (more = {}) => {
          const payload = JSON.stringify({ ...payloads[vendor], ...more }).replaceAll('ada@example.com', email)
          return (await handler(deliver(vendor, payload, { at: Date.now(), id: email }))).json() as Promise<HookReply>
        }),
    }
  }
}

async function openCognito(engine: Engine): ReturnType<Row['open']> {
  const handler = createCognitoHandler({ engine })
  return {
    async login(email) {
      const event = {
        version: '2',
        triggerSource: 'TokenGeneration_HostedAuth',
        userPoolId: 'eu-west-1_example',
        callerContext: { clientId: 'shop' },
        request: { userAttributes: { sub: 'ada', email } },
        response: {},
      }
      try {
        const { response } = await handler(event)
        const details = response.claimsAndScopeOverrideDetails as Record<string, { claimsToAddOrOverride: Claims }>
        return {
          idToken: details['idTokenGeneration']?.claimsToAddOrOverride ?? {},
          accessToken: details['accessTokenGeneration']?.claimsToAddOrOverride ?? {},
        }
      } catch (error) {
        return { refused: (error as Error).message }
      }
    },
  }
}

interface OktaCommand {
  readonly type: string
  readonly value: readonly { readonly path: string; readonly value: unknown }[]
}

/** What Okta's patches make of a token's claims. */
function patched(commands: HookReply['commands'], type: string): Claims {
  const { value = [] } = commands?.find((command) => command.type === type) ?? {}
  const nameOf = (path: string) => path.slice('/claims/'.length).replaceAll('~1', '/').replaceAll('~0', '~')
  return Object.fromEntries(value.map((operation) => [nameOf(operation.path), operation.value]))
}

function appended(claims: HookReply['append_claims'] = []): Claims {
  return Object.fromEntries(claims.map(({ key, value }) => [key, value]))
}

export const rows: Readonly<Record<string, Row>> = {
  'our own server': { tokens: 'both', open: openOurs },
  'oidc-provider': { tokens: 'both', open: openProvider },
  'better-auth': { tokens: 'both', open: openBetter },
  'Ory Hydra': {
    tokens: 'both',
    open: hook('hydra', async (call) => {
      const { session, error_description: refused } = await call()
      return session === undefined ? { refused } : { idToken: session.id_token, accessToken: session.access_token }
    }),
  },
  ZITADEL: {
    tokens: 'both',
    open: hook('zitadel', async (call) => {
      const [info, access] = [await call(), await call({ function: 'function/preaccesstoken' })]
      if (info.append_claims === undefined) return { refused: info.forwardedErrorMessage }
      return { idToken: appended(info.append_claims), accessToken: appended(access.append_claims) }
    }),
  },
  Okta: {
    tokens: 'both',
    open: hook('okta', async (call) => {
      const { commands, error } = await call()
      if (error !== undefined) return { refused: error.errorSummary }
      const [idToken, accessToken] = ['identity', 'access'].map((name) => patched(commands, `com.okta.${name}.patch`))
      return { idToken: idToken ?? {}, accessToken: accessToken ?? {} }
    }),
  },
  'Amazon Cognito': { tokens: 'both', open: openCognito },
  Supabase: {
    tokens: 'merged',
    open: hook('supabase', async (call) => {
      const { claims, error } = await call()
      return error === undefined ? { accessToken: claims ?? {} } : { refused: error.message }
    }),
  },
  Logto: {
    tokens: 'access token',
    open: hook('logto', async (call) => {
      const { claims, denied } = await call()
      return denied === undefined ? { accessToken: claims ?? {} } : { refused: denied }
    }),
  },
}
