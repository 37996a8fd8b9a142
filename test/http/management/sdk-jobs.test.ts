import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { type JobAnswer, ended } from './import-file.ts'
import { useSdk } from './sdk.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-jobs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fixture = useServer([])
const sdk = useSdk(fixture)
const name = 'Username-Password-Authentication'
const hash = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'

async function connectionId(): Promise<string> {
  return (await fixture.store.connections.getByName(name))?.id ?? ''
}

/** What an export's location gives, as far as the server of the tests answers for the issuer. */
async function download(location: string | undefined): Promise<string> {
  const response = await fixture.server.handler(new Request(location ?? ''))
  return gunzipSync(Buffer.from(await response.arrayBuffer())).toString()
}

test('the SDK 7 imports users from a stream, and gets the job and its errors', async () => {
  const { jobs } = sdk.current
  const users = JSON.stringify([
    { email: 'seven@example.com', password_hash: hash },
    { email: 'no address', password_hash: hash },
  ])
  const path = join(folder, 'users.json')
  writeFileSync(path, users)
  const created = await jobs.usersImports.create({
    users: createReadStream(path),
    connection_id: await connectionId(),
    upsert: false,
    external_id: 'seven',
    send_completion_email: false,
  })
  expect(created).toMatchObject({ type: 'users_import', external_id: 'seven' })
  const job = await ended(async () => (await jobs.get(created.id)) as JobAnswer)
  expect(job).toMatchObject({ status: 'completed', summary: { total: 2, inserted: 1, failed: 1 } })
  expect(await jobs.errors.get(created.id)).toMatchObject([
    { user: { email: 'no address' }, errors: [{ code: 'INVALID_FORMAT', path: 'email' }] },
  ])
  expect(await fixture.store.users.findByEmail('seven@example.com')).toHaveLength(1)
})

test('the SDK 7 exports users', async () => {
  const { jobs } = sdk.current
  const fields = [{ name: 'email' }, { name: 'identities[0].connection', export_as: 'provider' }]
  const created = await jobs.usersExports.create({
    connection_id: await connectionId(),
    format: 'csv',
    limit: 1,
    fields,
  })
  const job = await jobs.get(created.id)
  expect(job).toMatchObject({ status: 'completed', format: 'csv' })
  expect(await download(job.location)).toMatch(/^email,provider\n\S+@example.com,Username-Password-Authentication\n$/)
})

test('the SDK 4 imports, gets errors, and exports', async () => {
  const { jobs } = sdk.legacy
  const users = new Blob([JSON.stringify([{ email: 'four@example.com', password_hash: hash }])])
  const { data: created, status } = await jobs.importUsers({ users, connection_id: await connectionId(), upsert: true })
  expect(status).toBe(202)
  const job = await ended(async () => (await jobs.get({ id: created.id })).data)
  expect(job).toMatchObject({ status: 'completed', summary: { inserted: 1, failed: 0 } })
  expect((await jobs.getErrors({ id: created.id })).status).toBe(204)
  const { data: exported } = await jobs.exportUsers({ format: 'json', fields: [{ name: 'email' }] })
  const { data } = await jobs.get({ id: exported.id })
  expect(await download(data.location)).toContain('{"email":"four@example.com"}\n')
})
