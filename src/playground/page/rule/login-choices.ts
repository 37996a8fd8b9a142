import { signal } from '@preact/signals'
import { callApi, callManagementApi } from '../api.ts'
import type { RecordingsResponse } from '../../http/api-types.ts'
import { inputs, lastError, recording } from '../state.ts'

interface Choice {
  readonly value: string
  readonly label: string
}

interface LoginData {
  readonly user: object
  readonly context: object
}

/** The values of `context.protocol`, with their labels. */
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

export const userChoices = signal<readonly Choice[]>([])
export const connectionChoices = signal<readonly Choice[]>([])
export const clientChoices = signal<readonly Choice[]>([])
export const recordingChoices = signal<readonly Choice[]>([])

/** An empty string leaves the choice to the server. */
export const loginChoice = {
  userId: signal(''),
  connection: signal(''),
  clientId: signal(''),
  protocol: signal('oauth2-password'),
}

/** Loads the choices. A list that the token may not read stays empty. */
export async function loadChoices(): Promise<void> {
  const [userList, connectionList, clientList] = await Promise.all([
    listOrEmpty<{ user_id: string; email?: string; name?: string }>('/users?per_page=50&sort=created_at:1'),
    listOrEmpty<{ name: string }>('/connections?per_page=50'),
    listOrEmpty<{ client_id: string; name: string; grant_types?: readonly string[] }>('/clients?per_page=50'),
  ])
  userChoices.value = userList.map(({ user_id: value, email, name }) => ({ value, label: email ?? name ?? value }))
  connectionChoices.value = connectionList.map(({ name }) => ({ value: name, label: name }))
  clientChoices.value = clientList
    .filter(({ grant_types: grants = [] }) => grants.some((grant) => grant !== 'client_credentials'))
    .map(({ client_id: value, name }) => ({ value, label: name }))
  loginChoice.userId.value = userChoices.value[0]?.value ?? ''
  await Promise.all([fillLogin(), loadRecordings()])
}

async function loadRecordings(): Promise<void> {
  try {
    const { names } = await callApi<RecordingsResponse>('GET', '/recordings')
    recordingChoices.value = names.map((name) => ({ value: name, label: name.replace(/-[0-9a-f]+-(?=[a-z]+$)/, ' ') }))
  } catch {
    // The token may not read logins.
  }
}

/** Puts a recorded login into the tabs. Its requests get the recorded responses. Without a name, restores the chosen login. */
export async function fillRecording(name: string): Promise<void> {
  recording.value = name
  if (name === '') {
    await fillLogin()
    return
  }
  try {
    fillTabs(await callApi<LoginData>('POST', '/recording', { name }))
  } catch (error) {
    lastError.value = error as Error
  }
}

/** Puts the chosen login into the tabs `user` and `context`. */
export async function fillLogin(): Promise<void> {
  const { userId, connection, clientId, protocol } = loginChoice
  if (userId.value === '') return
  try {
    const filledChoices = Object.entries({ connection, clientId }).filter(([, { value }]) => value !== '')
    recording.value = ''
    const login = await callApi<LoginData>('POST', '/login', {
      userId: userId.value,
      protocol: protocol.value,
      ...Object.fromEntries(filledChoices.map(([key, { value }]) => [key, value])),
    })
    fillTabs(login)
  } catch (error) {
    lastError.value = error as Error
  }
}

function fillTabs({ user, context }: LoginData): void {
  inputs.user.value = JSON.stringify(user, undefined, 2)
  inputs.context.value = JSON.stringify(context, undefined, 2)
}

async function listOrEmpty<T>(route: string): Promise<readonly T[]> {
  try {
    return await callManagementApi<readonly T[]>('GET', route)
  } catch {
    return []
  }
}
