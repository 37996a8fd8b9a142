import { signal } from '@preact/signals'
import type { Session } from '../http/answers.ts'

export const root: HTMLElement = document.querySelector<HTMLElement>('#playground') ?? document.body
const { path = '/playground', nonce: given = '' } = root.dataset
export const nonce = given

/** What the server said no to, with the place in the rule where there is one. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly line: number | undefined
  readonly column: number | undefined
  readonly rule: string | undefined

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(textOf(body['message']) || textOf(body['error_description']) || `The server answered ${status}.`)
    this.status = status
    this.code = textOf(body['errorCode']) || textOf(body['error'])
    this.line = numberOf(body['line'])
    this.column = numberOf(body['column'])
    this.rule = textOf(body['rule']) || undefined
  }
}

/** Undefined until the server has said how it lets the page in; without a token, somebody has to sign in. */
export const session = signal<{ readonly access: 'open' | 'token'; readonly token?: string } | undefined>(undefined)

export async function openSession(): Promise<void> {
  session.value = (await ask('GET', `${path}/api/session`)) as Session
}

/** Gets a token for a client of the Management API. It is kept in the page's memory. */
export async function signIn(clientId: string, clientSecret: string): Promise<void> {
  const { audience } = (await ask('GET', `${path}/api/session`)) as Extract<Session, { access: 'token' }>
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience }
  const answer = (await ask('POST', `${behind}/oauth/token`, body)) as { readonly access_token: string }
  session.value = { access: 'token', token: answer.access_token }
}

const behind = path.replace(/\/playground$/, '')

/** Calls a route of the playground. */
export async function call<T>(method: 'GET' | 'POST', route: string, body?: unknown): Promise<T> {
  return (await authorized(method, `${path}/api${route}`, body)) as T
}

/** Calls the Management API. */
export async function manage<T>(method: 'GET' | 'PATCH', route: string, body?: unknown): Promise<T> {
  return (await authorized(method, `${behind}/api/v2${route}`, body)) as T
}

/** Opens a route that answers bit by bit. */
export async function openStream(route: string, signal_: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`${path}/api${route}`, { headers: authorization(), signal: signal_ })
  if (!response.ok || response.body === null) throw new ApiError(response.status, await bodyOf(response))
  return response.body
}

async function authorized(method: string, url: string, body: unknown): Promise<unknown> {
  try {
    return await ask(method, url, body)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    // A token ends after an hour: where the page is open to everybody, it gets another one.
    await openSession()
    return await ask(method, url, body)
  }
}

async function ask(method: string, url: string, body?: unknown): Promise<unknown> {
  const json = { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method,
    // Otherwise a browser asks for a password itself, where the token endpoint refuses a client.
    credentials: 'omit',
    headers: { ...authorization(), ...(body === undefined ? {} : json) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = await bodyOf(response)
  if (!response.ok) throw new ApiError(response.status, answer)
  return answer
}

function authorization(): Record<string, string> {
  const token = session.value?.token
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

async function bodyOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await response.json()) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
