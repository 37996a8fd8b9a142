import { expect, test } from 'vitest'
import { issuer, useServer } from '../server.ts'

const fixture = useServer([])

async function get(path: string): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'manager',
    client_secret: 'manager-secret:with/odd+chars',
  }
  const response = await fixture.token({ ...form, audience: `${issuer}/api/v2/` })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return fixture.get(`/api/v2/users/${path}`, token)
}

test('a user is found by the percent-encoded id, without any password', async () => {
  const response = await get(encodeURIComponent(fixture.adaId))
  const text = await response.text()
  expect(response.status).toBe(200)
  expect(JSON.parse(text)).toMatchObject({ user_id: fixture.adaId, email: 'ada@example.com', identities: [{}] })
  expect(text).not.toMatch(/password|argon2/)
})

test('fields choose what is shown, or what is left out', async () => {
  const chosen = await get(`${encodeURIComponent(fixture.adaId)}?fields=email,name`)
  expect(await chosen.json()).toEqual({ email: 'ada@example.com', name: 'Ada' })
  const others = await get(`${encodeURIComponent(fixture.adaId)}?fields=email,name&include_fields=false`)
  const body = (await others.json()) as object
  expect(body).toMatchObject({ user_id: fixture.adaId })
  expect(body).not.toHaveProperty('email')
})

test('an unknown user is 404 inexistent_user', async () => {
  const response = await get('auth0%7Cnobody')
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    statusCode: 404,
    error: 'Not Found',
    message: 'The user does not exist.',
    errorCode: 'inexistent_user',
  })
})
