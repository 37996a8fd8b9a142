import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { convertRule } from '../../../src/migration/convert/convert-rule.ts'
import { prove } from '../../../src/migration/convert/prove.ts'
import { rule } from '../../engine/use-engine.ts'
import { options, pass, terms } from './prove-logins.ts'

test('two scripts that show the same are the same: what is put on the user counts as a claim', async () => {
  const proof = await prove(
    rule(`user.tier = configuration.KEY; ${pass}`),
    rule(`context.idToken.tier = 'v'; ${pass}`),
    options,
  )
  expect(proof).toEqual({ logins: 2, returns: 0, failures: 0, differences: [] })
})

test('each login that ends otherwise is told, with what both come to', async () => {
  const deny = rule(`if (/evil/.test(user.email)) return callback(new UnauthorizedError('no')); ${pass}`)
  const { differences } = await prove(deny, rule(pass), options)
  expect(differences).toMatchObject([
    { login: 1, rule: { outcome: 'deny', reason: 'no' }, action: { outcome: 'allow' } },
  ])
})

test.each([
  [
    'a second factor',
    `context.multifactor = { provider: 'duo', host: 'h' };`,
    `context.multifactor = { provider: 'duo' };`,
  ],
])('%s counts', async (_, one, other) => {
  const { differences } = await prove(rule(`${one} ${pass}`), rule(`${other} ${pass}`), options)
  expect(differences.map(({ login }) => login)).toEqual([0, 1])
})

test('time stands still and chance repeats itself, and what is not configured is made up', async () => {
  const tells = `user.told = [Date.now(), Math.random(), crypto.randomBytes(8).toString('hex'), new URL(configuration.ELSEWHERE).href];`
  expect(await prove(rule(`${tells} ${pass}`), rule(`${tells} ${pass}`), options)).toEqual({
    logins: 2,
    returns: 0,
    failures: 0,
    differences: [],
  })
})

test('who is redirected comes back: with nothing, with what the rule looks for, and with something else', async () => {
  const { script = '' } = convertRule({ name: 'terms', file: 'terms.js', script: terms })
  expect(await prove(terms, script, options)).toEqual({ logins: 2, returns: 8, failures: 0, differences: [] })
})

test('where both fail nothing is proved', async () => {
  const broken = rule('nowhere.x = 1;')
  expect(await prove(broken, broken, options)).toEqual({ logins: 2, returns: 0, failures: 2, differences: [] })
})

test('nobody outside is called: every request is answered with an empty object', async () => {
  let asked = 0
  const server = createServer((_, response) => response.end(String((asked += 1)))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const calls = rule(`fetch('http://127.0.0.1:${port}/mail', { method: 'POST' }).then((answer) => answer.json())
    .then((body) => { user.answer = JSON.stringify(body); ${pass} }, callback)`)
  const constant = rule(
    `fetch('http://127.0.0.1:${port}/mail', { method: 'POST' }).then(() => { user.answer = '{}'; ${pass} }, callback)`,
  )
  expect(await prove(calls, constant, options)).toEqual({ logins: 2, returns: 0, failures: 0, differences: [] })
  expect(asked).toBe(0)
  server.close()
})
