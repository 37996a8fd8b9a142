import { expect, test } from 'vitest'
import { useRule, useService } from '../test/rules-examples/run-rule.ts'

const service = await useService((request, response) => {
  if (request.url?.includes('192.0.2.') === true) response.writeHead(503).end()
  else if (request.url?.includes('198.51.100.') !== true)
    response.end(JSON.stringify({ country: 'GB', city: 'London', internal: 'not for profiles' }))
})
const run = useRule('40-geo-enrichment.js', { configuration: { GEO_SERVICE_URL: `${service}where/` } })
const runWithoutService = useRule('40-geo-enrichment.js')
const from = (ip: string): { request: { ip: string } } => ({ request: { ip } })

test('adds country and city, and nothing else that the service says', async () => {
  const { user, rules } = await run({}, from('203.0.113.7'))
  expect(user['geo']).toEqual({ country: 'GB', city: 'London' })
  expect(rules[0]?.requests).toMatchObject([{ method: 'GET', url: `${service}where/203.0.113.7`, status: 200 }])
})

test('lets the login go on where the service fails, and says so in the log', async () => {
  const { outcome, user, rules } = await run({}, from('192.0.2.1'))
  expect(outcome).toBe('allow')
  expect(user).not.toHaveProperty('geo')
  expect(rules[0]?.logs).toEqual([{ level: 'warn', message: 'no place for this login: the service answered 503' }])
})

test('lets the login go on where the service never answers', async () => {
  const { outcome, user, rules } = await run({}, from('198.51.100.1'))
  expect(outcome).toBe('allow')
  expect(user).not.toHaveProperty('geo')
  expect(rules[0]?.logs).toMatchObject([{ level: 'warn' }])
})

test('asks nobody where no service is configured', async () => {
  const { user, rules } = await runWithoutService({}, from('203.0.113.7'))
  expect(user).not.toHaveProperty('geo')
  expect(rules[0]?.requests).toEqual([])
})
