import { describe, expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { useCalls } from './calls.ts'
import { type JobAnswer, importFile, importForm } from './import-file.ts'

const fixture = useServer([])
const calls = useCalls(fixture)
const { call } = calls
const bcryptOfA = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'
const argon2OfPassword = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
const name = 'Username-Password-Authentication'

async function connectionId(): Promise<string> {
  return (await fixture.store.connections.getByName(name))?.id ?? ''
}

async function importUsers(users: unknown, fields: Record<string, string> = {}) {
  return await importFile(calls, importForm(users, { connection_id: await connectionId(), ...fields }))
}

describe('an import', () => {
  test('answers with a pending job, and its users log in with bcrypt and Argon2 hashes', async () => {
    const users = [
      { email: 'bcrypt@example.com', email_verified: true, password_hash: bcryptOfA },
      {
        email: 'argon2@example.com',
        user_id: 'argon-two',
        custom_password_hash: { algorithm: 'argon2', hash: { value: argon2OfPassword, encoding: 'utf8' } },
      },
    ]
    const form = importForm(users, { connection_id: await connectionId(), external_id: 'mine', upsert: 'false' })
    const { status, body } = await call('POST', '/jobs/users-imports', form)
    expect(status).toBe(202)
    const shown = { type: 'users_import', status: 'pending', connection: name, external_id: 'mine' }
    expect(body).toMatchObject({ ...shown, id: expect.stringMatching(/^job_/), created_at: expect.any(String) })
    const { job, errors } = await importUsers([])
    expect(job).toMatchObject({ status: 'completed', percentage_done: 100, time_left_seconds: 0 })
    expect([errors.status, errors.text]).toEqual([204, ''])
    const finished = await call('GET', `/jobs/${(body as JobAnswer).id}`)
    const summary = { total: 2, inserted: 2, updated: 0, failed: 0 }
    expect(finished.body).toMatchObject({ status: 'completed', external_id: 'mine', summary })
    await fixture.logIn({ username: 'bcrypt@example.com', password: 'a' })
    await fixture.logIn({ username: 'argon2@example.com', password: 'password' })
    const wrong = { connection: name, identifier: 'argon2@example.com', password: 'a' }
    expect(await fixture.store.users.authenticate(wrong)).toBeUndefined()
  })

  test('lists the users that failed in the form of Auth0, and shows no hash', async () => {
    const canary = 'canary-canary-canary'
    const { job, errors } = await importUsers([
      { email: 'fine@example.com', password_hash: bcryptOfA },
      { email: 'no address', password_hash: `$2a$10$${canary}` },
      { email: 'md5@example.com', custom_password_hash: { algorithm: 'md5', hash: { value: canary } } },
      { email: 'short@example.com', password_hash: canary },
      { email: 'plain@example.com', password: canary, passwordHash: canary },
      { email: 'FINE@example.com', password_hash: bcryptOfA },
      { email: 'ada@example.com', app_metadata: { user_id: 1 }, mfa_factors: [{ totp: { secret: 'x' } }] },
      { email: 'ada@example.com', password_hash: bcryptOfA },
      { email: 'types@example.com', blocked: 'yes', user_metadata: [] },
      'no user',
      {},
    ])
    expect(job.summary).toEqual({ total: 11, inserted: 1, updated: 0, failed: 10 })
    expect(errors.status).toBe(200)
    const listed = errors.body as { user: object; errors: { code: string; path?: string; message: string }[] }[]
    expect(listed.map((one) => one.errors.map(({ code, path }) => `${code} ${path}`))).toEqual([
      ['INVALID_FORMAT email'],
      ['ENUM_MISMATCH custom_password_hash.algorithm'],
      ['PATTERN password_hash'],
      ['OBJECT_ADDITIONAL_PROPERTIES undefined', 'OBJECT_ADDITIONAL_PROPERTIES undefined'],
      ['DUPLICATED_USER email'],
      ['NOT_PASSED app_metadata.user_id', 'MFA_FACTORS_FAILED mfa_factors'],
      ['DUPLICATED_USER undefined'],
      ['INVALID_TYPE blocked', 'INVALID_TYPE user_metadata'],
      ['INVALID_TYPE undefined'],
      ['ANY_OF_MISSING undefined'],
    ])
    expect(listed[0]?.user).toEqual({ email: 'no address' })
    expect(errors.text).not.toMatch(/canary|\$2a\$|\$argon2/)
  })

  test('with upsert updates who is there', async () => {
    const users = [{ email: 'ada@example.com', app_metadata: { plan: 'pro' } }]
    const { job } = await importUsers(users, { upsert: 'true' })
    expect(job.summary).toMatchObject({ inserted: 0, updated: 1, failed: 0 })
    expect((await fixture.store.users.get(fixture.adaId))?.app_metadata).toEqual({ plan: 'pro' })
  })

  test.each([
    ['no JSON', '[{"email":', 'not JSON'],
    ['an object', '{"email":"x@example.com"}', 'does not hold an array'],
    ['nested far too deeply', '['.repeat(100_000), 'not JSON'],
  ])('of a file that is %s fails, and says why', async (_, text, why) => {
    const { job, errors } = await importUsers(text)
    expect(job).toMatchObject({ status: 'failed', status_details: expect.stringContaining(why) })
    expect(errors.body).toMatchObject({ status: 'failed', status_details: job.status_details })
  })

  test.each([
    ['a name that reaches a prototype', '{"email":"p@example.com","user_metadata":{"__proto__":{"admin":true}}}'],
    ['one at its root', '{"email":"p@example.com","__proto__":{"blocked":false}}'],
    ['a constructor', '{"email":"p@example.com","app_metadata":{"constructor":{"prototype":{"a":1}}}}'],
    ['NUL', '{"email":"p@example.com","name":"a\\u0000b"}'],
    ['half a character', '{"email":"p@example.com","name":"\\ud800"}'],
    ['metadata nested too deeply', `{"email":"p@example.com","user_metadata":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`],
    ['a name with a dot in its metadata', '{"email":"p@example.com","user_metadata":{"a.b":1}}'],
  ])('refuses a user with %s, and takes the next', async (what, text) => {
    const next = `after-${what.replaceAll(' ', '-')}@example.com`
    const { job, errors } = await importUsers(`[${text},{"email":"${next}"}]`)
    expect(job.summary).toMatchObject({ inserted: 1, failed: 1 })
    expect(errors.body).toMatchObject([{ errors: [{ code: 'NOT_PASSED' }] }])
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })

  test('a form that is wrong is refused with what is wrong', async () => {
    const id = await connectionId()
    const refused = async (form: unknown) => {
      const { status, body } = await call('POST', '/jobs/users-imports', form)
      return [status, (body as { message: string }).message]
    }
    const twice = importForm('[]', { connection_id: id })
    twice.append('connection_id', id)
    const binary = new FormData()
    binary.append('users', new Blob([Buffer.from([0xff, 0xfe, 0xfd])]))
    binary.append('connection_id', id)
    const large = importForm('x'.repeat(512_001), { connection_id: id })
    const huge = importForm('x'.repeat(600_000), { connection_id: id })
    expect(await refused({ users: [] })).toEqual([400, expect.stringContaining('multipart/form-data')])
    expect(await refused(importForm('[]', {}))).toEqual([400, expect.stringContaining('connection_id')])
    expect(await refused(importForm('[]', { connection_id: id, upsert: 'maybe' }))).toEqual([
      400,
      expect.stringContaining('upsert'),
    ])
    expect(await refused(importForm('[]', { connection_id: id, more: '1' }))).toEqual([
      400,
      expect.stringContaining('more'),
    ])
    expect(await refused(twice)).toEqual([400, expect.stringContaining('more than once')])
    expect(await refused(binary)).toEqual([400, expect.stringContaining('UTF-8')])
    for (const form of [large, huge]) expect(await refused(form)).toEqual([413, expect.stringContaining('512000')])
    expect(await refused(importForm('[]', { connection_id: 'con_none' }))).toEqual([
      400,
      'The connection does not exist.',
    ])
    const social = await fixture.store.connections.create({ name: 'facebook', strategy: 'facebook' })
    expect(await refused(importForm('[]', { connection_id: social.id }))).toEqual([
      400,
      expect.stringContaining('database'),
    ])
  })

  test('a third at a time is 429, and an unknown job 404', async () => {
    const parameters = {}
    const id = await connectionId()
    const jobs = [1, 2].map(() => fixture.store.jobs.createImport({ connectionId: id, parameters, input: '[]' }))
    expect(await Promise.all(jobs)).not.toContain(undefined)
    const third = await call('POST', '/jobs/users-imports', importForm('[]', { connection_id: id }))
    expect(third.body).toMatchObject({ statusCode: 429, error: 'Too Many Requests' })
    for (const work of [await fixture.store.jobs.claimImport(), await fixture.store.jobs.claimImport()]) {
      if (work !== undefined) await fixture.store.jobs.finish(work)
    }
    for (const path of ['', '/errors']) expect((await call('GET', `/jobs/job_none${path}`)).status).toBe(404)
    const noScope = ['read:roles']
    expect((await call('GET', '/jobs/job_none', undefined, noScope)).status).toBe(403)
  })
})
