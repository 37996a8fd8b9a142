import { signal } from '@preact/signals'
import type { ProfilesAnswer } from '../../http/answers.ts'
import { call, manage } from '../api.ts'
import { tell } from '../state.ts'

export interface Found {
  readonly user_id: string
  readonly email?: string
  readonly name?: string
}

export const q = signal('')
export const found = signal<readonly Found[] | undefined>(undefined)
export const total = signal(0)
export const selected = signal<ProfilesAnswer | undefined>(undefined)
export const failure = signal('')

/** What was changed and is not saved, as text by attribute. */
export const drafts = signal<Readonly<Record<string, string>>>({})

export async function search(): Promise<void> {
  await attempt(async () => {
    const query = new URLSearchParams({ per_page: '50', include_totals: 'true', ...(q.value && { q: q.value }) })
    const page = await manage<{ users: readonly Found[]; total: number }>('GET', `/users?${query.toString()}`)
    found.value = page.users
    total.value = page.total
  })
}

export async function select(userId: string): Promise<void> {
  await attempt(async () => {
    selected.value = await call<ProfilesAnswer>('POST', '/profiles', { userId })
    drafts.value = {}
  })
}

/** Sends what was changed to the Management API, which decides. */
export async function saveDrafts(): Promise<void> {
  const profiles = selected.value
  if (profiles === undefined) return
  await attempt(async () => {
    const patch = Object.entries(drafts.value).map(([name, text]) => [name, valueOf(name, text, profiles)])
    const id = String(profiles.raw['user_id'])
    await manage('PATCH', `/users/${encodeURIComponent(id)}`, Object.fromEntries(patch))
    tell('Saved. The next login has it.')
    await select(id)
    await search()
  })
}

/** What an emptied text stands for is nothing, where the attribute can be unset. */
function valueOf(name: string, text: string, { fields }: ProfilesAnswer): unknown {
  const field = fields.find((one) => one.name === name)
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
  failure.value = ''
  try {
    await work()
  } catch (error) {
    failure.value = (error as Error).message
  }
}
