import { ManagementClient } from 'auth0'
import { expect, test } from 'vitest'
import { issuer, useServer } from '../server.ts'

const startMs = 1_800_000_000_000
let now = startMs
const clock = (): number => now

const rateLimits = { management: { limit: 3, seconds: 60 } }
const fixture = useServer([], { clock }, { rateLimits })
const manager = { client_id: 'manager', client_secret: 'manager-secret:with/odd+chars' }
const audience = `${issuer}/api/v2/`

test('the SDK waits as long as it is told, and asks again', async () => {
  // One second before the window ends.
  now = startMs + 59_000
  const statuses: number[] = []
  const sdk = new ManagementClient({
    domain: new URL(issuer).host,
    clientId: manager.client_id,
    clientSecret: manager.client_secret,
    audience,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const response = await fixture.server.handler(new Request(request.url.replace('https://', 'http://'), request))
      if (request.url.includes('/api/v2/')) statuses.push(response.status)
      // This server's clock stands still; the SDK waits by its own.
      now += Number(response.headers.get('retry-after') ?? 0) * 1_000
      return response
    },
  })
  for (let count = 0; count < 4; count++) await sdk.users.list()
  expect(statuses).toEqual([200, 200, 200, 429, 200])
})
