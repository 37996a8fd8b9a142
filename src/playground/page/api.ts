import { signal } from '@preact/signals'
import type { Session } from '../http/api-types.ts'

export const root: HTMLElement = document.querySelector<HTMLElement>('#playground') ?? document.body
const { path = '/playground' } = root.dataset
/** For the styles of the editor, which the page's content security policy would refuse otherwise. */
export const { nonce = '' } = root.dataset

/** An error response of the server, with the place in the rule if it has one. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly line: number | undefined
  readonly column: number | undefined
  readonly rule: string | undefined

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(toText(body['message']) || toText(body['error_description']) || `The server answered ${status}.`)
    this.status = status
    this.code = toText(body['errorCode']) || toText(body['error'])
    this.line = toNumber(body['line'])
    this.column = toNumber(body['column'])
    this.rule = toText(body['rule']) || undefined
  }
}

/** Undefined until the server has said how to authenticate. Without a token, the user has to sign in. */
export const session = signal<{ readonly access: 'open' | 'token'; readonly token?: string } | undefined>(undefined)

export async function loadSession(): Promise<void> {
  session.value = (await sendRequest('GET', `${path}/api/session`)) as Session
}

/** Gets a token for a client of the Management API. It is kept in the page's memory. */
export async function signInWithClient(clientId: string, clientSecret: string): Promise<void> {
  const { audience } = (await sendRequest('GET', `${path}/api/session`)) as Extract<Session, { access: 'token' }>
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience }
  const data = (await sendRequest('POST', `${serverPath}/oauth/token`, body)) as { readonly access_token: string }
  session.value = { access: 'token', token: data.access_token }
}

const serverPath = path.replace(/\/playground$/, '')

/** Calls a route of the playground. */
export async function callApi<T>(method: 'GET' | 'POST', route: string, body?: unknown): Promise<T> {
  return (await sendAuthorized(method, `${path}/api${route}`, body)) as T
}

/** Calls the Management API. */
export async function callManagementApi<T>(method: 'GET' | 'PATCH', route: string, body?: unknown): Promise<T> {
  return (await sendAuthorized(method, `${serverPath}/api/v2${route}`, body)) as T
}

/** Opens a route that streams its response. */
export async function openStream(route: string, abortSignal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`${path}/api${route}`, { headers: buildAuthHeaders(), signal: abortSignal })
  if (!response.ok || response.body === null) throw new ApiError(response.status, await readJsonBody(response))
  return response.body
}

async function sendAuthorized(method: string, url: string, body: unknown): Promise<unknown> {
  try {
    return await sendRequest(method, url, body)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    // A token expires after an hour. If the playground is open, the page gets a new one.
    await loadSession()
    return await sendRequest(method, url, body)
  }
}

async function sendRequest(method: string, url: string, body?: unknown): Promise<unknown> {
  const json = { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method,
    // Otherwise a browser shows its own password dialog if the token endpoint rejects a client.
    credentials: 'omit',
    headers: { ...buildAuthHeaders(), ...(body === undefined ? {} : json) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const data = await readJsonBody(response)
  if (!response.ok) throw new ApiError(response.status, data)
  return data
}

function buildAuthHeaders(): Record<string, string> {
  const token = session.value?.token
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

async function readJsonBody(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await response.json()) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
