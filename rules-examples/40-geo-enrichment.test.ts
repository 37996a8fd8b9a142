import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test } from 'vitest'

const file = new URL('40-geo-enrichment.js', import.meta.url)
const service = 'https://geo.example/where/'
const rule = loadRule(file, {
  configuration: { GEO_SERVICE_URL: service },
  fetch({ url }) {
    if (url.endsWith('192.0.2.1')) return new Response(null, { status: 503 })
    if (url.endsWith('198.51.100.1')) return new Promise(() => undefined)
    return Response.json({ country: 'GB', city: 'London', internal: 'not for profiles' })
  },
})
const from = (ip: string) => fakeContext({ request: { ip } })

test('adds country and city, and nothing else that the service says', async () => {
  const outcome = await rule(fakeUser(), from('203.0.113.7'))
  expect(outcome.user['geo']).toEqual({ country: 'GB', city: 'London' })
  expect(outcome).toHaveRequested({ method: 'GET', url: `${service}203.0.113.7`, status: 200 })
})

test('lets the login go on where the service fails, and says so in the log', async () => {
  const outcome = await rule(fakeUser(), from('192.0.2.1'))
  expect(outcome).toAllow()
  expect(outcome.user).not.toHaveProperty('geo')
  expect(outcome).toHaveLogged('no place for this login: the service answered 503', 'warn')
})

test('lets the login go on where the service never answers', async () => {
  const outcome = await rule(fakeUser(), from('198.51.100.1'))
  expect(outcome).toAllow()
  expect(outcome.user).not.toHaveProperty('geo')
  expect(outcome).toHaveLogged('no place for this login', 'warn')
})

test('asks nobody where no service is configured', async () => {
  const outcome = await loadRule(file)(fakeUser(), from('203.0.113.7'))
  expect(outcome.user).not.toHaveProperty('geo')
  expect(outcome).not.toHaveRequested(/./)
})
