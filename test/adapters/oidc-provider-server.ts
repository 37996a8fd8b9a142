import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { ProviderRules } from '../../src/adapters/oidc-provider/index.ts'

const callback = 'https://shop.example/callback'
const authorization = `Basic ${Buffer.from('shop:shop-secret').toString('base64')}`

export interface OidcProviderServer {
  readonly url: string
  /** A person logs in and consents, and the client asks for tokens; what comes is the token endpoint's answer, or the refusal. */
  login(accountId: string): Promise<Readonly<Record<string, string>>>
  introspect(token: string): Promise<Readonly<Record<string, unknown>>>
  close(): void
}

interface Hooks {
  readonly configuration: Configuration
  readonly policy?: ProviderRules['policy']
  readonly middleware?: (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>
}

/** oidc-provider whose pages answer themselves: who logs in is the client's `login_hint`, and everybody consents. */
export async function openOidcProvider({ configuration, policy, middleware }: Hooks): Promise<OidcProviderServer> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
  const listener = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'shop',
        client_secret: 'shop-secret',
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    cookies: { keys: ['a key of the test'] },
    features: { devInteractions: { enabled: false }, introspection: { enabled: true } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}`, ...(policy === undefined ? {} : { policy: policy() }) },
    ...configuration,
  })
  if (middleware !== undefined) provider.use(middleware)

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      const result = { login: { accountId: String(params['login_hint']) } }
      return provider.interactionFinished(request, response, result)
    }
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: 'shop' })
    grant.addOIDCScope(String(params['scope']))
    const result = { consent: { grantId: await grant.save() } }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }
  const oidc = provider.callback()
  answer = (request, response) => {
    const isPage = request.url?.startsWith('/interaction/')
    void (isPage ? interact(request, response) : oidc(request, response))
  }

  const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> => {
    const body = new URLSearchParams(fields)
    const response = await fetch(`${url}${path}`, { method: 'POST', headers: { authorization }, body })
    return (await response.json()) as Record<string, string>
  }

  return {
    url,
    async login(accountId) {
      const verifier = randomBytes(32).toString('base64url')
      const query = new URLSearchParams({
        client_id: 'shop',
        response_type: 'code',
        redirect_uri: callback,
        scope: 'openid profile email',
        login_hint: accountId,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      const back = await follow(new URL(`/auth?${query.toString()}`, url))
      const code = back.searchParams.get('code')
      if (code === null) return Object.fromEntries(back.searchParams)
      return post('/token', { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: callback })
    },
    introspect: (token) => post('/token/introspection', { token }),
    close: () => void listener.close(),
  }
}

/** Goes where a browser would be sent, with its cookies, until that is the client. */
async function follow(start: URL): Promise<URL> {
  const cookies = new Map<string, string>()
  let at = start
  while (at.host === start.host) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`${at.pathname} answered ${response.status}: ${await response.text()}`)
    at = new URL(location, at)
  }
  return at
}
