import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { importUsersFile } from '../../src/cli/commands/import-users.ts'
import { openStore } from '../../src/store/index.ts'
import { claimsmith } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-import-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0
const fresh = (ending: string): string => join(folder, `${(count += 1)}${ending}`)
const file = (text: string): string => {
  const path = fresh('.json')
  writeFileSync(path, text)
  return path
}
const connection = 'Username-Password-Authentication'
const hash = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'
const user = (name: string): object => ({ email: `${name}@example.com`, password_hash: hash })
const argumentsOf = (path: string, database: string): string[] => [
  'users',
  'import',
  path,
  '--store',
  `sqlite:${database}`,
  '--connection',
  connection,
]

describe('a file of users', () => {
  test.each([
    ['a JSON array', (users: readonly object[]) => JSON.stringify(users, undefined, 2)],
    ['a JSON array after a byte order mark', (users: readonly object[]) => `\uFEFF${JSON.stringify(users)}`],
    ['one user a line', (users: readonly object[]) => users.map((one) => JSON.stringify(one)).join('\r\n')],
    [
      'that, after a byte order mark',
      (users: readonly object[]) => `\uFEFF${users.map((one) => JSON.stringify(one)).join('\n')}\n`,
    ],
  ])('that is %s is imported, and again changes nothing', async (_, write) => {
    const path = file(write(['a', 'b', 'c'].map(user)))
    const store = await openStore('memory:')
    const run = { store, path, connection, upsert: false, errorsPath: `${path}.errors` }
    const none = { inserted: 0, updated: 0, present: 0, failed: 0 }
    expect(await importUsersFile(run)).toEqual({ counts: { ...none, inserted: 3 }, brokenOff: undefined })
    expect(await importUsersFile(run)).toEqual({ counts: { ...none, present: 3 }, brokenOff: undefined })
    expect(await importUsersFile({ ...run, upsert: true })).toMatchObject({ counts: { ...none, updated: 3 } })
    const login = { connection, identifier: 'b@example.com', password: 'a' }
    expect(await store.users.authenticate(login)).toMatchObject({ email: 'b@example.com' })
    await store.close()
  })

  test.each(['{"email":', '{"email":"c@example.com"} nonsense', ''])(
    'that stops being JSON is left there, and that is told: %j',
    async (end) => {
      const path = file(`[${JSON.stringify(user('a'))},${JSON.stringify(user('b'))},${end}`)
      const store = await openStore('memory:')
      const run = { store, path, connection, upsert: false, errorsPath: `${path}.errors` }
      const { counts, parseError: brokenOff } = await importUsersFile(run)
      expect(brokenOff).toEqual(expect.any(String))
      expect(counts.failed).toBe(0)
      await store.close()
    },
  )
})

test('users that fail are in a file of errors, without hashes, and the exit code is 1', async () => {
  const lines = [user('a'), user('a'), { email: 'no address', password_hash: hash }].map((one) => JSON.stringify(one))
  const path = file([...lines, '{"email": nope', JSON.stringify(user('b'))].join('\n'))
  const { exitCode, stdout, stderr } = await claimsmith(...argumentsOf(path, fresh('.db')))
  expect(stdout).toMatch(/^5 users: 2 inserted, 3 failed \(.* users a second\)\n$/)
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`${path}.errors.ndjson`)
  const errors = readFileSync(`${path}.errors.ndjson`, 'utf8')
  const listed = errors.trimEnd().split('\n')
  expect(listed.map((line) => JSON.parse(line) as object)).toMatchObject([
    { user: { email: 'a@example.com' }, errors: [{ code: 'DUPLICATED_USER', path: 'email' }] },
    { user: { email: 'no address' }, errors: [{ code: 'INVALID_FORMAT', path: 'email' }] },
    { user: {}, errors: [{ message: expect.stringContaining('Line 4') }] },
  ])
  expect(stdout + stderr + errors).not.toContain('$2a$')
  if (process.platform !== 'win32') expect(statSync(`${path}.errors.ndjson`).mode & 0o777).toBe(0o600)
})

test('one user is counted as one', async () => {
  const path = file(JSON.stringify([user('a')]))
  const database = fresh('.db')
  const { stdout } = await claimsmith(...argumentsOf(path, database))
  expect(stdout).toMatch(/^1 user: 1 inserted, 0 failed \(/)
  expect((await claimsmith(...argumentsOf(path, database))).stdout).toMatch(
    /^1 user: 0 inserted, 1 already there, not changed, 0 failed \(/,
  )
})

const lasting = ['--connection', connection, '--store', 'sqlite:never.db']
test.each([
  [[file('nonsense'), ...lasting], 'an array of users'],
  [[file(''), ...lasting], 'an array of users'],
  [[file('[]'), '--connection', 'Other', '--store', `sqlite:${fresh('.db')}`], connection],
])('users import %j is wrong usage, and the message says what would be right', async (args, what) => {
  const { exitCode, stderr } = await claimsmith('users', 'import', ...args)
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(what)])
  expect(existsSync('never.db')).toBe(false)
})
