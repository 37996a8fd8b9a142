import { signal } from '@preact/signals'
import { call, manage } from '../api.ts'
import type { RecordingsAnswer } from '../../http/answers.ts'
import { inputs, problem, recording } from '../state.ts'

interface Choice {
  readonly value: string
  readonly label: string
}

interface Login {
  readonly user: object
  readonly context: object
}

/** What a login may be, as rules know it. */
export const protocols: readonly Choice[] = [
  { value: 'oauth2-password', label: 'Password' },
  { value: 'oidc-basic-profile', label: 'Authorization code' },
  { value: 'oidc-implicit-profile', label: 'Implicit' },
  { value: 'oauth2-refresh-token', label: 'Refresh token' },
  { value: 'oauth2-resource-owner-jwt-bearer', label: 'Assertion' },
  { value: 'oauth2-device-code', label: 'Device code' },
  { value: 'samlp', label: 'SAML' },
  { value: 'redirect-callback', label: 'Back from a redirect' },
]

export const users = signal<readonly Choice[]>([])
export const connections = signal<readonly Choice[]>([])
export const clients = signal<readonly Choice[]>([])
export const recordings = signal<readonly Choice[]>([])

/** An empty text leaves the choice to the server. */
export const chosen = {
  userId: signal(''),
  connection: signal(''),
  clientId: signal(''),
  protocol: signal('oauth2-password'),
}

/** Loads what there is to choose from; what this token may not see cannot be chosen. */
export async function loadChoices(): Promise<void> {
  const [people, sources, programs] = await Promise.all([
    list<{ user_id: string; email?: string; name?: string }>('/users?per_page=50&sort=created_at:1'),
    list<{ name: string }>('/connections?per_page=50'),
    list<{ client_id: string; name: string; grant_types?: readonly string[] }>('/clients?per_page=50'),
  ])
  users.value = people.map(({ user_id: value, email, name }) => ({ value, label: email ?? name ?? value }))
  connections.value = sources.map(({ name }) => ({ value: name, label: name }))
  clients.value = programs
    .filter(({ grant_types: grants = [] }) => grants.some((grant) => grant !== 'client_credentials'))
    .map(({ client_id: value, name }) => ({ value, label: name }))
  chosen.userId.value = users.value[0]?.value ?? ''
  await Promise.all([fillLogin(), loadRecordings()])
}

async function loadRecordings(): Promise<void> {
  try {
    const { names } = await call<RecordingsAnswer>('GET', '/recordings')
    recordings.value = names.map((name) => ({ value: name, label: name.replace(/-[0-9a-f]+-(?=[a-z]+$)/, ' ') }))
  } catch {
    // This token may not see logins.
  }
}

/** Puts a recorded login into the tabs; its requests are answered as they were. Without a name, the chosen login again. */
export async function fillRecording(name: string): Promise<void> {
  recording.value = name
  if (name === '') {
    await fillLogin()
    return
  }
  try {
    show(await call<Login>('POST', '/recording', { name }))
  } catch (error) {
    problem.value = error as Error
  }
}

/** Puts the chosen login into the tabs `user` and `context`. */
export async function fillLogin(): Promise<void> {
  const { userId, connection, clientId, protocol } = chosen
  if (userId.value === '') return
  try {
    const given = Object.entries({ connection, clientId }).filter(([, { value }]) => value !== '')
    recording.value = ''
    const login = await call<Login>('POST', '/login', {
      userId: userId.value,
      protocol: protocol.value,
      ...Object.fromEntries(given.map(([key, { value }]) => [key, value])),
    })
    show(login)
  } catch (error) {
    problem.value = error as Error
  }
}

function show({ user, context }: Login): void {
  inputs.user.value = JSON.stringify(user, undefined, 2)
  inputs.context.value = JSON.stringify(context, undefined, 2)
}

async function list<T>(route: string): Promise<readonly T[]> {
  try {
    return await manage<readonly T[]>('GET', route)
  } catch {
    return []
  }
}
