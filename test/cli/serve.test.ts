import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { claimsmith, startClaimsmith } from './command.ts'
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
  const { exitCode, stderr } = await claimsmith('serve', '--rules', rule, '--hooks')
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
