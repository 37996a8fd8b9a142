import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toExpressHandler } from '../../src/adapters/express.ts'
import { toFastifyPlugin } from '../../src/adapters/fastify.ts'
import type { Handler } from '../../src/http/handler.ts'
import { toNodeHandler } from '../../src/http/node-handler.ts'
import { type AuthServer, createAuthServer } from '../../src/http/server.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/contract/store.ts'

const password = 'correct horse battery staple'
const client = { client_id: 'app', client_secret: 'app-secret-app-secret' }
const form = { ...client, grant_type: 'password', username: 'ada@example.com', password }

let store: Store
const servers = new Map<string, AuthServer>()
beforeAll(async () => {
  store = await openStore('memory:')
  await store.users.create({ connection: 'Username-Password-Authentication', email: 'ada@example.com', password })
  await store.clients.create({ ...client, name: 'App', grant_types: ['password'] })
  for (const prefix of ['', '/auth']) {
    const rules = [
      {
        name: 'address',
        script: `function (user, context, callback) { context.idToken.ip = context.request.ip; callback(null, user, context) }`,
      },
    ]
    const issuer = `http://127.0.0.1:3999${prefix}`
    servers.set(prefix, await createAuthServer({ issuer, store, engine: { rules, limits: { workers: 1 } } }))
  }
})
afterAll(async () => {
  for (const server of servers.values()) await server.close()
  await store.close()
})

interface Mounted {
  readonly url: string
  close(): Promise<unknown>
}

function serve(listener: Parameters<typeof createServer>[1]): Promise<Mounted> {
  const server = createServer(listener)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ url: `http://127.0.0.1:${port}`, close: async () => server.close() })
    })
  })
}

async function serveFastify(handler: Handler, prefix: string): Promise<Mounted> {
  const app = fastify()
  app.post('/own', (request) => request.body)
  await app.register(toFastifyPlugin(handler), { prefix })
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
}

const places: readonly [name: string, prefix: string, mount: (handler: Handler) => Promise<Mounted>][] = [
  ['node:http', '', (handler) => serve((request, response) => void toNodeHandler(handler)(request, response))],
  ['Express', '', (handler) => serve(express().use(toExpressHandler(handler)))],
  ['Express under a prefix', '/auth', (handler) => serve(express().use('/auth', toExpressHandler(handler)))],
  [
    'Express under a prefix, after its body parsers',
    '/auth',
    (handler) =>
      serve(
        express().use(express.json(), express.urlencoded(), express.text()).use('/auth', toExpressHandler(handler)),
      ),
  ],
  ['Fastify with its own body parser', '', (handler) => serveFastify(handler, '')],
  ['Fastify under a prefix', '/auth', (handler) => serveFastify(handler, '/auth')],
  [
    'Hono under a prefix',
    '/auth',
    (handler) => {
      const app = new Hono().all('/auth/*', (c) => handler(c.req.raw, { ip: '127.0.0.1' }))
      return serve(
        (request, response) => void toNodeHandler((one) => Promise.resolve(app.fetch(one)))(request, response),
      )
    },
  ],
]

describe.each(places)('mounted in %s', (_name, prefix, mount) => {
  let mounted: Mounted
  const post = (path: string, body: string | URLSearchParams, type?: string): Promise<Response> =>
    fetch(`${mounted.url}${prefix}${path}`, {
      method: 'POST',
      body,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  beforeAll(async () => {
    const server = servers.get(prefix)
    if (server === undefined) throw new Error('no server for this prefix')
    mounted = await mount(server.handler)
  })
  afterAll(() => mounted.close())

  test('takes a form, and rules see the address of the client', async () => {
    const response = await post('/oauth/token', new URLSearchParams({ ...form, scope: 'openid' }))
    expect(response.status).toBe(200)
    const { id_token: idToken } = (await response.json()) as { id_token: string }
    const answer = await post('/tokeninfo', JSON.stringify({ id_token: idToken }), 'application/json')
    expect(await answer.json()).toMatchObject({ ip: '127.0.0.1' })
  })

  test('takes JSON', async () => {
    const response = await post('/oauth/token', JSON.stringify(form), 'application/json')
    expect(response.status).toBe(200)
  })

  test('answers a body that is none as it does elsewhere', async () => {
    expect((await post('/oauth/token', '')).status).toBe(400)
    expect((await post('/oauth/token', 'grant_type=password', 'text/plain')).status).toBe(400)
  })

  test('is found where its own documents say', async () => {
    const discovery = (await (
      await fetch(`${mounted.url}${prefix}/.well-known/openid-configuration`)
    ).json()) as Record<string, string>
    const path = new URL(discovery['token_endpoint'] ?? '').pathname
    expect((await fetch(`${mounted.url}${path}`)).status).toBe(405)
    expect((await fetch(`${mounted.url}${prefix}/nothing/here`)).status).toBe(404)
  })
})

test('Fastify’s own routes keep their parser beside it', async () => {
  const server = servers.get('')
  if (server === undefined) throw new Error('no server')
  const mounted = await serveFastify(server.handler, '')
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${mounted.url}/own`, { method: 'POST', headers, body: '{"a":1}' })
  expect(await response.json()).toEqual({ a: 1 })
  await mounted.close()
})
