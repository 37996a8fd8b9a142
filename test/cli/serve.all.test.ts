import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runClaimsmith, startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-serve-'))
afterAll(() => rmSync(folder, { recursive: true }))
const rule = join(folder, 'pass.js')
writeFileSync(rule, 'function (user, context, callback) { callback(null, user, context) }')

/** Serves the rule, asks one path, and tells the server to stop. */
async function askOnce(path: string, args: string[], environment: Record<string, string>): Promise<unknown> {
  const { child, printed } = await startClaimsmith(['serve', '--rules', rule, ...args], /ready on .*\n/, environment)
  const [, url = ''] = /ready on (\S+)\n/.exec(printed()) ?? []
  const answer: unknown = await (await fetch(`${url}${path}`, { headers: { connection: 'close' } })).json()
  child.kill('SIGINT')
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  expect(exitCode).toBe(0)
  return answer
}

test('listens on the PORT variable, and is its own issuer there', async () => {
  const port = await freePort()
  const discovery = await askOnce('/.well-known/openid-configuration', [], { PORT: String(port) })
  expect(discovery).toMatchObject({ issuer: `http://127.0.0.1:${port}` })
})

test('on every address of the machine it is known by one that can be called', async () => {
  const port = await freePort()
  const args = ['--host', '0.0.0.0', '--port', String(port)]
  const discovery = await askOnce('/.well-known/openid-configuration', args, {})
  expect(discovery).toMatchObject({ issuer: `http://127.0.0.1:${port}` })
})

test('serves the hooks of those auth servers whose secret is in the environment', async () => {
  const port = await freePort()
  const environment = { CLAIMSMITH_OKTA_SECRET: 'okta-secret' }
  expect(await askOnce('/hooks/okta', ['--port', String(port), '--hooks'], environment)).toMatchObject({
    error_description: 'A hook takes POST.',
  })
})

test('has a playground where it is asked for, behind a token of the Management API', async () => {
  const [locked, none] = [await freePort(), await freePort()]
  const session = await askOnce('/playground/api/session', ['--port', String(locked), '--playground'], {})
  expect(session).toEqual({ access: 'token', audience: `http://127.0.0.1:${locked}/api/v2/` })
  const nothing = await askOnce('/playground/api/session', ['--port', String(none)], {})
  expect(nothing).toMatchObject({ error: 'not_found' })
})

test('says which variables the hooks read where none is set', async () => {
  const { exitCode, stderr } = await runClaimsmith('serve', '--rules', rule, '--hooks')
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('CLAIMSMITH_HYDRA_SECRET, CLAIMSMITH_ZITADEL_SECRET')])
})

test('keeps its keys in the store, so that tokens outlive the process', async () => {
  const port = await freePort()
  const args = ['--port', String(port), '--store', `sqlite:${join(folder, 'data.db')}`]
  const before = await askOnce('/.well-known/jwks.json', args, {})
  const after = await askOnce('/.well-known/jwks.json', args, {})
  expect(before).toMatchObject({ keys: [{ kty: 'RSA' }] })
  expect(after).toEqual(before)
})

test('an internal error is one line with its cause and the id that the client got', async () => {
  const port = await freePort()
  const file = join(folder, 'broken.db')
  const { child, printed } = await startClaimsmith(
    ['serve', '--store', `sqlite:${file}`, '--port', String(port)],
    /ready on .*\n/,
  )
  const database = new DatabaseSync(file)
  database.exec('PRAGMA foreign_keys = off; DROP TABLE clients')
  database.close()
  const client = { client_id: 'demo-app', client_secret: 'demo-app-secret' }
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...client })
  const answer = await fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST', body })
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(answer.status).toBe(500)
  const error = 'The database could not run a query of the store: no such table: clients'
  expect(printed()).toContain(`\nrequest ${answer.headers.get('x-request-id')} failed: ${error}\n`)
})

test('--record writes a file for each login, without the password', async () => {
  const port = await freePort()
  const recordings = join(folder, 'recordings')
  const args = ['serve', '--demo', '--rules', rule, '--port', String(port), '--record', recordings]
  const { child, printed } = await startClaimsmith(args, /Try `claimsmith run`/)
  expect(printed()).toContain(`The rules are in ${rule}.`)
  const password = 'correct horse battery staple'
  const client = { client_id: 'demo-app', client_secret: 'demo-app-secret' }
  for (const username of ['ada@example.com', 'grace@example.com']) {
    const body = new URLSearchParams({ grant_type: 'password', ...client, password, username })
    const answer = await fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST', body })
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('id_token')])
  }
  child.kill('SIGTERM')
  await once(child, 'exit')
  const names = readdirSync(recordings).toSorted()
  expect(names.map((name) => name.replace(/^\d{8}T\d{9}Z-\d{4}-[\da-f]{6}|[\da-f]{32}/, ''))).toEqual([
    '-allow.json',
    '-allow.json',
    'rules-.json',
  ])
  const texts = names.map((name) => readFileSync(join(recordings, name), 'utf8'))
  expect(texts.join('')).not.toContain(password)
  expect(texts[0]).toContain('"email": "ada@example.com"')
})
