import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { issuer, useServer } from '../server.ts'
import { useCalls } from './calls.ts'
import { type JobAnswer, importFile, importForm } from './import-file.ts'

const time = { nowMs: Date.now() }
const fixture = useServer([], { clock: () => time.nowMs })
const calls = useCalls(fixture)
const { call } = calls
const name = 'Username-Password-Authentication'
const bcryptOfA = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'
let id = ''

beforeAll(async () => {
  id = (await fixture.store.connections.getByName(name))?.id ?? ''
  const user = { email: 'exported@example.com', password_hash: bcryptOfA, user_metadata: { a: 'b' } }
  await importFile(calls, importForm([user], { connection_id: id }))
})

async function locationOf(body: unknown): Promise<string> {
  const created = await call('POST', '/jobs/users-exports', body)
  expect(created.body).toMatchObject({ type: 'users_export', status: 'pending' })
  const { body: job } = await call('GET', `/jobs/${(created.body as JobAnswer).id}`)
  expect(job).toMatchObject({ status: 'completed', percentage_done: 100 })
  return (job as JobAnswer).location ?? ''
}

async function exported(body: unknown): Promise<string> {
  const response = await fixture.server.handler(new Request(await locationOf(body)))
  expect(response.headers.get('content-type')).toBe('application/gzip')
  return gunzipSync(Buffer.from(await response.arrayBuffer())).toString()
}

test('an export holds one user a line, those of a connection, and no hash', async () => {
  await fixture.store.users.signIn({
    connection: 'facebook',
    provider: 'facebook',
    user_id: '1',
    isSocial: true,
    profileData: {},
    attributes: { name: 'Lin' },
    isSynced: true,
  })
  const all = await exported({})
  const some = await exported({ connection_id: id })
  const lines = all.trimEnd().split('\n')
  const users = lines.map((line) => JSON.parse(line) as { user_id: string; email?: string; user_metadata?: object })
  expect(users.map((user) => user.user_id)).toEqual(users.map((user) => user.user_id).toSorted())
  expect(users.find(({ email }) => email === 'exported@example.com')?.user_metadata).toEqual({ a: 'b' })
  expect(some.trimEnd().split('\n')).toHaveLength(lines.length - 1)
  expect(all).not.toMatch(/\$2a\$|\$argon2|hash/)
  expect((await exported({ limit: 2 })).trimEnd().split('\n')).toHaveLength(2)
})

test('an export shows the fields that were asked for, under the names that were', async () => {
  await fixture.store.users.update(fixture.adaId, { name: '=1+1', nickname: 'a "quoted", name' })
  const fields = [
    { name: 'email' },
    { name: 'name' },
    { name: 'nickname', export_as: 'nick' },
    { name: 'identities[0].connection', export_as: 'provider' },
    { name: 'app_metadata' },
    { name: 'user_metadata.constructor.name' },
  ]
  const lines = (await exported({ fields })).split('\n').filter((line) => line.includes('ada@example.com'))
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      email: 'ada@example.com',
      name: '=1+1',
      nick: 'a "quoted", name',
      provider: name,
      app_metadata: { roles: ['admin'] },
    },
  ])
  const csv = (await exported({ format: 'csv', fields })).split('\n')
  expect(csv[0]).toBe('email,name,nick,provider,app_metadata,user_metadata.constructor.name')
  const row = `ada@example.com,'=1+1,"a ""quoted"", name",${name},"{""roles"":[""admin""]}",`
  expect(csv).toContain(row)
  expect((await exported({ format: 'csv' })).split('\n')[0]).toMatch(/^user_id,email,email_verified,/)
})

test('an export is at its location for 60 seconds, for nobody who changes it', async () => {
  const location = await locationOf({})
  const status = async (url: string) => (await fixture.server.handler(new Request(url))).status
  expect(location.startsWith(`${issuer}/api/v2/jobs/job_`)).toBe(true)
  expect(await status(location)).toBe(200)
  expect(await status(location.replace(/\?.*/, ''))).toBe(403)
  expect(await status(location.replace('users.json.gz', 'users.csv.gz'))).toBe(404)
  const other = await locationOf({ fields: [{ name: 'email' }] })
  const [path] = other.split('?')
  expect(await status(`${path}?${location.split('?')[1]}`)).toBe(403)
  const token = new URL(location).searchParams.get('token') ?? ''
  expect((await calls.callWith(token, 'GET', '/users')).status).toBe(401)
  expect((await fixture.get('/userinfo', token)).status).toBe(401)
  time.nowMs += 62_000
  expect(await status(location)).toBe(403)
})

test.each([
  [{ format: 'xml' }, 'format'],
  [{ fields: [{ name: 'x', title: 'x' }] }, 'title'],
  [{ limit: 0 }, 'limit'],
  [{ connection_id: 'con_none' }, 'connection'],
])('an export of %j is refused with what is wrong', async (body, what) => {
  const answer = await call('POST', '/jobs/users-exports', body)
  expect(answer.body).toMatchObject({ statusCode: 400, message: expect.stringContaining(what) })
})

test('the location of an export is for callers who may read users', async () => {
  const { body } = await call('POST', '/jobs/users-exports', {})
  const seen = await call('GET', `/jobs/${(body as JobAnswer).id}`, undefined, ['create:users'])
  expect(seen.body).not.toHaveProperty('location')
  expect((await call('POST', '/jobs/users-exports', {}, ['create:users'])).status).toBe(403)
  expect((await call('POST', '/jobs/users-imports', importForm('[]', {}), ['read:users'])).status).toBe(403)
})
