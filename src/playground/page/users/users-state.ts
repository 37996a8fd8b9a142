import { signal } from '@preact/signals'
import type { ProfilesResponse } from '../../http/api-types.ts'
import { callApi, callManagementApi } from '../api.ts'
import { showNotice } from '../state.ts'

export interface UserSummary {
  readonly user_id: string
  readonly email?: string
  readonly name?: string
}

export const q = signal('')
export const searchResults = signal<readonly UserSummary[] | undefined>(undefined)
export const total = signal(0)
export const selectedProfiles = signal<ProfilesResponse | undefined>(undefined)
export const errorMessage = signal('')

/** The unsaved changes, as text by attribute. */
export const drafts = signal<Readonly<Record<string, string>>>({})

export async function searchUsers(): Promise<void> {
  await attempt(async () => {
    const query = new URLSearchParams({ per_page: '50', include_totals: 'true', ...(q.value && { q: q.value }) })
    const page = await callManagementApi<{ users: readonly UserSummary[]; total: number }>(
      'GET',
      `/users?${query.toString()}`,
    )
    searchResults.value = page.users
    total.value = page.total
  })
}

export async function selectUser(userId: string): Promise<void> {
  await attempt(async () => {
    selectedProfiles.value = await callApi<ProfilesResponse>('POST', '/profiles', { userId })
    drafts.value = {}
  })
}

/** Sends the changes to the Management API, which validates them. */
export async function saveDrafts(): Promise<void> {
  const profiles = selectedProfiles.value
  if (profiles === undefined) return
  await attempt(async () => {
    const patch = Object.entries(drafts.value).map(([name, text]) => [name, parseDraft(name, text, profiles)])
    const id = String(profiles.raw['user_id'])
    await callManagementApi('PATCH', `/users/${encodeURIComponent(id)}`, Object.fromEntries(patch))
    showNotice('Saved. The next login has it.')
    await selectUser(id)
    await searchUsers()
  })
}

/** An empty text unsets the attribute, if it can be unset. */
function parseDraft(name: string, text: string, { fields }: ProfilesResponse): unknown {
  const field = fields.find((candidate) => candidate.name === name)
  const { type } = (field?.schema ?? {}) as { readonly type?: string }
  if (text === '' && field?.nullable === true) return null
  if (type === 'string') return text
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${name} holds no JSON: ${(error as Error).message}`, { cause: error })
  }
}

async function attempt(work: () => Promise<void>): Promise<void> {
  errorMessage.value = ''
  try {
    await work()
  } catch (error) {
    errorMessage.value = (error as Error).message
  }
}
