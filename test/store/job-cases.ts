import { expect } from 'vitest'
import { createEntryReader } from '../../src/store/import/entry-reader.ts'
import type { Store } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { connection, startMs } from './store-case.ts'

const input = '[{"email":"a@example.com"}]'
const newJob = { connectionId: 'con_1', parameters: { upsert: false, external_id: 'x' }, input }
const entries = [{ email: 'a@example.com' }, { email: 'wrong', password_hash: '$2b$10$secret' }, { username: 'c' }]
const read = () => entries.map(createEntryReader(connection))

async function take(store: Store) {
  const work = await store.jobs.claimImport()
  if (work === undefined) throw new Error('there was no job to take')
  return work
}

export const jobCases: StoreCases = {
  'an import goes from pending to completed, with what it did and what was wrong': async ({ store }) => {
    const created = await store.jobs.createImport(newJob)
    const { id = '' } = created ?? {}
    expect(created).toMatchObject({
      type: 'users_import',
      status: 'pending',
      connectionId: 'con_1',
      createdAtMs: startMs,
    })
    expect(id).toMatch(/^job_\w{16}$/)
    const work = await take(store)
    expect(work).toMatchObject({ job: { id, parameters: newJob.parameters }, input, attempts: 1 })
    expect(await store.jobs.claimImport()).toBeUndefined()
    await store.jobs.setTotal(work, 3)
    expect(await store.jobs.importUsers(work, read(), { upsert: false })).toBe(true)
    expect(await store.jobs.get(id)).toMatchObject({ status: 'processing', position: 3 })
    await store.jobs.finish(work)
    const summary = { total: 3, inserted: 2, updated: 0, failed: 1 }
    expect(await store.jobs.get(id)).toMatchObject({ status: 'completed', summary })
    expect(await store.jobs.listErrors(id)).toEqual([
      { user: { email: 'wrong' }, errors: [expect.objectContaining({ code: 'INVALID_FORMAT', path: 'email' })] },
    ])
    expect(await store.jobs.claimImport()).toBeUndefined()
    expect(await store.jobs.get('job_none')).toBeUndefined()
  },

  'two imports are under way at a time; one that ends makes room': async ({ store }) => {
    const made = [await store.jobs.createImport(newJob), await store.jobs.createImport(newJob)]
    expect(made).not.toContain(undefined)
    expect(await store.jobs.createImport(newJob)).toBeUndefined()
    await store.jobs.finish(await take(store), 'no JSON')
    const ended = await Promise.all(made.map(async (job) => await store.jobs.get(job?.id ?? '')))
    expect(new Set(ended.map((job) => job?.status))).toEqual(new Set(['failed', 'pending']))
    expect(ended.find((job) => job?.status === 'failed')?.statusDetails).toBe('no JSON')
    expect(await store.jobs.createImport(newJob)).toBeDefined()
  },

  'a job whose process went away is taken over where it was, and the other cannot write any more': async ({
    store,
    time,
  }) => {
    const job = await store.jobs.createImport(newJob)
    const first = await take(store)
    await store.jobs.importUsers(first, read().slice(0, 2), { upsert: false })
    time.nowMs += 29_000
    expect(await store.jobs.claimImport()).toBeUndefined()
    time.nowMs += 2_000
    const second = await take(store)
    expect(second).toMatchObject({ attempts: 2, job: { position: 2 } })
    expect(await store.jobs.importUsers(first, read().slice(2), { upsert: false })).toBe(false)
    await store.jobs.finish(first, 'too late')
    expect(await store.jobs.importUsers(second, read().slice(2), { upsert: false })).toBe(true)
    await store.jobs.finish(second)
    const summary = { inserted: 2, failed: 1 }
    expect(await store.jobs.get(job?.id ?? '')).toMatchObject({ status: 'completed', position: 3, summary })
  },

  'a released job is taken at once': async ({ store }) => {
    await store.jobs.createImport(newJob)
    await store.jobs.release(await take(store))
    expect(await take(store)).toMatchObject({ attempts: 2 })
  },

  'an export is complete at once, and jobs are forgotten when they have ended': async ({ store, time }) => {
    const { id } = await store.jobs.createExport({ parameters: { format: 'csv' } })
    expect(await store.jobs.get(id)).toMatchObject({
      type: 'users_export',
      status: 'completed',
      parameters: { format: 'csv' },
    })
    await store.jobs.createImport(newJob)
    time.nowMs += 1
    expect(await store.jobs.purgeBefore(time.nowMs)).toBe(1)
    expect(await store.jobs.get(id)).toBeUndefined()
    expect(await take(store)).toBeDefined()
  },
}
