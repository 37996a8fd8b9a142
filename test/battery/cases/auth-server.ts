import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientScopes } from '../../../src/http/management/scopes.ts'
import { createAuthServer } from '../../../src/http/server.ts'
import type { AuthServerOptions } from '../../../src/http/server-options.ts'
import { openStore } from '../../../src/store/open.ts'
import { wide } from './limits.ts'

const issuer = 'http://127.0.0.1:3999'
const password = 'correct horse battery staple'
export const connection = 'Username-Password-Authentication'
export const adaEmail = 'ada@example.com'
const app = { client_id: 'app', client_secret: 'app-secret-app-secret' }
const manager = { client_id: 'manager', client_secret: 'manager-secret-manager' }
const audience = `${issuer}/api/v2/`

export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** A whole server on a SQLite file, with one user, two clients and these rules. No test framework is needed. */
export async function startAuthServer(options: Partial<AuthServerOptions> = {}, url?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-battery-'))
  const store = await openStore(url ?? `sqlite:${join(folder, 'store.db')}`)
  const ada = await store.users.create({
    connection,
    email: adaEmail,
    name: 'Ada',
    password,
    app_metadata: { roles: ['admin'] },
  })
  await store.clients.create({ ...app, name: 'App', grant_types: ['password', 'refresh_token'] })
  const grant = { grant_types: ['client_credentials'], audience, scopes: clientScopes }
  await store.clients.create({ ...manager, name: 'Manager', ...grant })
  const server = await createAuthServer({
    issuer,
    store,
    rateLimits: { management: false, failedLogins: false },
    ...options,
    engine: { limits: wide, ...options.engine },
  })

  async function send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await server.handler(new Request(`${issuer}${path}`, { method, ...init }), { ip: '203.0.113.9' })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const postForm = (path: string, form: Record<string, string>): Promise<Answer> =>
    send('POST', path, { body: new URLSearchParams(form) })
  const logIn = (more: Record<string, string> = {}): Promise<Answer> =>
    postForm('/oauth/token', { grant_type: 'password', ...app, username: adaEmail, password, ...more })
  const getManagementToken = async (): Promise<string> => {
    const { text } = await postForm('/oauth/token', { grant_type: 'client_credentials', ...manager, audience })
    return (JSON.parse(text) as { access_token: string }).access_token
  }
  let managementToken: Promise<string> | undefined
  return {
    store,
    handler: server.handler,
    adaId: ada.user_id ?? '',
    send,
    postForm,
    logIn,
    getManagementToken,
    /** Calls the Management API with every scope. A text is sent as it is. */
    async call(method: string, path: string, body?: unknown): Promise<Answer> {
      const headers = {
        authorization: `Bearer ${await (managementToken ??= getManagementToken())}`,
        'content-type': 'application/json',
      }
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return send(method, `/api/v2${path}`, { headers, ...(body !== undefined && { body: text }) })
    },
    async close(): Promise<void> {
      await server.close()
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export type RunningAuthServer = Awaited<ReturnType<typeof startAuthServer>>
