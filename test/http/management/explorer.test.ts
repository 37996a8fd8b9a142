import { expect, test } from 'vitest'
import { createAuthServer } from '../../../src/http/server.ts'
import { openStore } from '../../../src/store/open.ts'

test.each([
  '/api/v2/explorer',
  '/api/v2/explorer/start.js',
  '/api/v2/explorer/swagger-ui.js',
  '/api/v2/explorer/page.css',
])('%s allows nothing from elsewhere', async (path) => {
  const store = await openStore('memory:')
  const server = await createAuthServer({ issuer: 'http://127.0.0.1:3999', store, engine: { rules: [] } })
  const response = await server.handler(new Request(`http://127.0.0.1:3999${path}`))
  expect(response.status).toBe(200)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|\*|https:/)
  await server.close()
  await store.close()
})
