import { beforeEach, describe, expect, test } from 'vitest'
import { issuer, useServer } from '../server.ts'

const startMs = 1_800_000_000_000
let now = startMs
const clock = (): number => now

const rateLimits = { management: { limit: 3, seconds: 60 } }
const fixture = useServer([], { clock }, { rateLimits, onInternalError: () => {} })
const manager = { client_id: 'manager', client_secret: 'manager-secret:with/odd+chars' }
const audience = `${issuer}/api/v2/`

// A window of its own for each test.
beforeEach(() => {
  now += 60_000
})

async function token(): Promise<string> {
  const response = await fixture.token({ grant_type: 'client_credentials', ...manager, audience })
  return ((await response.json()) as { access_token: string }).access_token
}

function standing({ headers }: Response): Record<string, number> {
  const number = (name: string): number => Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN)
  return { limit: number('limit'), remaining: number('remaining'), reset: number('reset') }
}

describe('every answer of the Management API says where its caller stands', () => {
  const reset = (): number => now / 1_000 + 60

  test('what succeeds', async () => {
    const response = await fixture.get('/api/v2/users', await token())
    expect(response.status).toBe(200)
    expect(standing(response)).toEqual({ limit: 3, remaining: 2, reset: reset() })
  })

  test.each([
    ['what is refused for its scopes', '/api/v2/connections', 403],
    ['what is refused for its query', '/api/v2/users?nonsense=1', 400],
    ['what there is not', '/api/v2/nowhere', 404],
    ['what breaks here', '/api/v2/users/broken', 500],
  ])('%s', async (_what, path, status) => {
    const { get } = fixture.store.users
    fixture.store.users.get = async (id) => {
      if (id === 'broken') throw new Error('the disk is full')
      return get(id)
    }
    const response = await fixture.get(path, await token())
    fixture.store.users.get = get
    expect(response.status).toBe(status)
    expect(standing(response)).toEqual({ limit: 3, remaining: 2, reset: reset() })
    expect(await response.json()).toMatchObject({ statusCode: status })
  })

  test('what comes without a token, counted by its address', async () => {
    const response = await fixture.get('/api/v2/users')
    expect(response.status).toBe(401)
    expect(standing(response)).toEqual({ limit: 3, remaining: 2, reset: reset() })
  })
})

test('one call too many is refused in Auth0’s words, and others are not', async () => {
  const accessToken = await token()
  for (let count = 0; count < 3; count++) {
    expect((await fixture.get('/api/v2/users', accessToken)).status).toBe(200)
  }
  now += 20_500
  const response = await fixture.get('/api/v2/users', accessToken)
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('40')
  expect(await response.json()).toEqual({
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'Global limit has been reached',
    errorCode: 'too_many_requests',
  })
  expect((await fixture.get('/api/v2/users')).status).toBe(401)
  now += 39_500
  expect((await fixture.get('/api/v2/users', accessToken)).status).toBe(200)
})
