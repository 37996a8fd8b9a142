import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { greet } from '../../src/http/greet.ts'
import type { Handler } from '../../src/http/handler.ts'

const server: Handler = (request) => Promise.resolve(new Response(`the server: ${request.method} ${request.url}`))
const options = { issuer: 'http://127.0.0.1:3000', hasPlayground: true, isDemo: false }
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function get(
  handler: Handler,
  path: string,
  init: RequestInit = {},
): Promise<{ response: Response; text: string }> {
  const response = await handler(new Request(`http://127.0.0.1:3000${path}`, init))
  return { response, text: await response.text() }
}

const listLinks = (html: string): string[] => [...html.matchAll(/<a href="([^"]+)">/g)].map(([, href = '']) => href)
const paths = ['/playground', '/api/v2/explorer', '/.well-known/openid-configuration', '/healthz']

test('a browser gets a page with the four links, and one sentence', async () => {
  const { response, text } = await get(greet(server, options), '/', { headers: browser })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(text).toContain('<html lang="en">')
  expect(text).toContain('<p>claimsmith is an auth server: ')
  expect(listLinks(text)).toEqual(paths)
  expect(text).not.toContain('demo')
})

test('every other client gets the same as text, with whole addresses', async () => {
  for (const headers of [{}, { accept: '*/*' }, { accept: 'text/plain' }]) {
    const { response, text } = await get(greet(server, options), '/', { headers })
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('vary')).toBe('Accept')
    expect(text.match(/http:\S+/g)).toEqual(paths.map((path) => `http://127.0.0.1:3000${path}`))
  }
})

test('without a playground, nothing links to it', async () => {
  const { text } = await get(greet(server, { ...options, hasPlayground: false }), '/', { headers: browser })
  expect(listLinks(text)).toEqual(paths.slice(1))
})

test('the demo says that it is one', async () => {
  const { text } = await get(greet(server, { ...options, isDemo: true }), '/')
  expect(text).toContain('This one is a demo.')
})

test('the page may load its own style and nothing else', async () => {
  const { response, text } = await get(greet(server, options), '/', { headers: browser })
  const policy = response.headers.get('content-security-policy') ?? ''
  const [, style = ''] = /<style>(.*)<\/style>/s.exec(text) ?? []
  const hash = createHash('sha256').update(style).digest('base64')
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ])
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test('HEAD has the headers and no body', async () => {
  const { response, text } = await get(greet(server, options), '/', { method: 'HEAD', headers: browser })
  expect([response.headers.get('content-type'), text]).toEqual(['text/html; charset=utf-8', ''])
})

test('all other requests go to the server', async () => {
  const handler = greet(server, options)
  expect((await get(handler, '/healthz')).text).toBe('the server: GET http://127.0.0.1:3000/healthz')
  expect((await get(handler, '/', { method: 'POST' })).text).toBe('the server: POST http://127.0.0.1:3000/')
})

test('the page of an issuer with a path is below that path', async () => {
  const handler = greet(server, { ...options, issuer: 'http://127.0.0.1:3000/auth' })
  expect((await get(handler, '/')).text).toContain('the server: ')
  const page = await get(handler, '/auth/', { headers: browser })
  expect(listLinks(page.text)).toEqual(paths.map((path) => `/auth${path}`))
})
