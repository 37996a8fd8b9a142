import { expect, test } from 'vitest'
import { createJobRunner } from '../../../src/http/management/jobs/runner.ts'
import { createEntryReader } from '../../../src/store/import/entry-reader.ts'
import { type Job, type Store, openStore } from '../../../src/store/index.ts'

const connection = 'Username-Password-Authentication'
const users = ['a', 'b', 'A', 'c'].map((name) => ({ email: `${name}@example.com` }))

async function newJob(store: Store, given: { readonly connectionId?: string } = {}): Promise<string> {
  const connectionId = given.connectionId ?? (await store.connections.getByName(connection))?.id ?? ''
  const job = await store.jobs.createImport({ connectionId, parameters: {}, input: JSON.stringify(users) })
  return job?.id ?? ''
}

/** Runs what there is to run, until this job has ended. */
async function runUntilEnd(store: Store, id: string): Promise<Job | undefined> {
  const runner = createJobRunner({ store, clock: Date.now })
  let job = await store.jobs.get(id)
  while (job?.status === 'pending' || job?.status === 'processing') job = await store.jobs.get(id)
  await runner.close()
  return job
}

test('a job that another process left is gone on with, and users of the part before still count', async () => {
  const store = await openStore('memory:')
  const id = await newJob(store)
  const work = await store.jobs.claimImport()
  if (work === undefined) throw new Error('there was no job to take')
  await store.jobs.importUsers(work, users.slice(0, 2).map(createEntryReader(connection)), { upsert: false })
  await store.jobs.release(work)
  const job = await runUntilEnd(store, id)
  expect(job).toMatchObject({ status: 'completed', summary: { total: 4, inserted: 3, failed: 1 } })
  expect(await store.jobs.listErrors(id)).toMatchObject([{ errors: [{ code: 'DUPLICATED_USER', path: 'email' }] }])
  expect(await store.users.listAfter({ after: '', take: 9 })).toHaveLength(3)
  await store.close()
})

test('a job with which the process ended three times fails, and says so', async () => {
  const store = await openStore('memory:')
  const id = await newJob(store)
  for (let attempt = 1; attempt <= 3; attempt++) {
    const work = await store.jobs.claimImport()
    if (work !== undefined) await store.jobs.release(work)
  }
  const why = { status: 'failed', statusDetails: expect.stringContaining('3 times') }
  expect(await runUntilEnd(store, id)).toMatchObject(why)
  await store.close()
})

test('a job whose connection is gone fails, and says so', async () => {
  const store = await openStore('memory:')
  const id = await newJob(store, { connectionId: 'con_gone' })
  const why = { status: 'failed', statusDetails: 'The connection was deleted.' }
  expect(await runUntilEnd(store, id)).toMatchObject(why)
  await store.close()
})
