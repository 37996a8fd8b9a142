import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { useEngine } from '../../engine/use-engine.ts'
import { answerWithRequest } from './echo-answer.ts'

const file = (name: string): URL => new URL(name, import.meta.url)
// Auth0's SDK speaks TLS only: the workers of this file trust a certificate of ours for localhost.
vi.stubEnv('NODE_EXTRA_CA_CERTS', fileURLToPath(file('localhost.pem')))
afterAll(() => vi.unstubAllEnvs())

const tls = createTlsServer(
  { key: readFileSync(file('localhost-key.pem')), cert: readFileSync(file('localhost.pem')) },
  answerWithRequest,
)
beforeAll(() => once(tls.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => {
  tls.close()
  tls.closeAllConnections()
})

const { run } = useEngine({
  modulesFolder: process.cwd(),
  network: { allow: ['127.0.0.1'] },
  limits: { cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000, wallPerRuleMs: 15_000 },
})

/** What a rule with this body leaves in `user.found`; it has `host`. */
async function found(body: string): Promise<unknown> {
  const host = `localhost:${(tls.address() as AddressInfo).port}`
  const script = `async function (user, context, callback) {
    const { host } = user.given;
    ${body}
    callback(null, user, context);
  }`
  const { outcome, reason, user } = await run(script, { user: { given: { host } } })
  expect([outcome, reason]).toEqual(['allow', undefined])
  return user['found']
}

describe('packages run as they are', { timeout: 120_000 }, () => {
  test('the auth0 SDK of the time of rules', async () => {
    const body = `
      const { ManagementClient } = require('auth0-v2');
      const management = new ManagementClient({ token: 'token', domain: host });
      const read = await management.getUser({ id: 'auth0|1' });
      const written = await management.updateUserMetadata({ id: 'auth0|1' }, { a: 1 });
      const called = await new Promise((resolve) => management.assignRolestoUser({ id: 'auth0|1' }, { roles: ['r'] }, (error, data) => resolve(error || data)));
      user.found = [read, written, called];`
    const base = { authorization: 'Bearer token' }
    expect(await found(body)).toMatchObject([
      { ...base, method: 'GET', url: '/api/v2/users/auth0%7C1' },
      { ...base, method: 'PATCH', url: '/api/v2/users/auth0%7C1', body: '{"user_metadata":{"a":1}}' },
      {},
    ])
  })

  test.each(['auth0-v4', 'auth0'])('the auth0 SDK of today (%s)', async (name) => {
    const id = name === 'auth0' ? `'auth0|1'` : `{ id: 'auth0|1' }`
    const body = `
      const { ManagementClient } = require('${name}');
      const management = new ManagementClient({ token: 'token', domain: host });
      const read = await management.users.get(${id});
      const written = await management.users.update(${id}, { user_metadata: { a: 1 } });
      user.found = [read.data || read, written.data || written];`
    const base = { url: '/api/v2/users/auth0%7C1', authorization: 'Bearer token' }
    expect(await found(body)).toMatchObject([
      { ...base, method: 'GET' },
      { ...base, method: 'PATCH', body: '{"user_metadata":{"a":1}}' },
    ])
  })
})
