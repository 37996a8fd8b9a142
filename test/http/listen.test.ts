import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { listen } from '../../src/http/listen.ts'
import { app, password, useServer } from './server.ts'

describe('a server on a real socket', () => {
  const server = useServer([])

  test('logs a user in, from the address of the socket and not of a header', async () => {
    const listener = await listen({ handler: server.server.handler, port: 0 })
    const body = new URLSearchParams({ grant_type: 'password', ...app, username: 'ada@example.com', password })
    const headers = { 'x-forwarded-for': '203.0.113.1' }
    const response = await fetch(`${listener.url}/oauth/token`, { method: 'POST', body, headers })
    await response.text()
    await listener.close()
    expect(response.status).toBe(200)
    expect(await server.store.users.get(server.adaId)).toHaveProperty('last_ip', '127.0.0.1')
  })

  test('answers a body over the limit with 413, also one that does not say its length', async () => {
    const listener = await listen({ handler: server.server.handler, port: 0 })
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${listener.url}/oauth/token`,
        { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        (response) => resolve(response.resume().statusCode),
      )
      sent.on('error', reject)
      for (let part = 0; part < 11; part++) sent.write('x'.repeat(100_000))
      sent.end()
    })
    expect(status).toBe(413)
    expect((await fetch(`${listener.url}/healthz`)).status).toBe(200)
    await listener.close()
  })

  test('says when the port is taken', async () => {
    const listener = await listen({ handler: server.server.handler, port: 0 })
    const port = Number(new URL(listener.url).port)
    await expect(listen({ handler: server.server.handler, port })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('another program uses it'),
    })
    await listener.close()
  })
})

test.each<[options: object, sentence: string]>([
  [{ port: 0 }, 'listen: handler is undefined; a function belongs there, such as the handler of createAuthServer'],
  [{ port: 0, handler: { handler: () => new Response() } }, 'listen: handler is an object;'],
  [{ handler: () => new Response() }, 'listen: port is undefined; a whole number from 0 to 65535 belongs there'],
  [{ handler: () => new Response(), port: 'x' }, "listen: port is 'x';"],
  [{ handler: () => new Response(), port: 99_999 }, 'listen: port is 99999;'],
])('refuses to listen with %o: %s', async (options, sentence) => {
  await expect(listen(options as never)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(sentence),
  })
})

test('closing waits for the answer that is under way, and takes no new connection', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const { promise: answer, resolve: answerWith } = Promise.withResolvers<Response>()
  const listener = await listen({
    port: 0,
    handler: () => {
      arrive()
      return answer
    },
  })
  // A connection that its client keeps open delays the end of close by seconds.
  const response = fetch(listener.url, { headers: { connection: 'close' } })
  await arrived
  const closed = listener.close()
  await expect(fetch(listener.url)).rejects.toThrow('fetch failed')
  answerWith(new Response('late'))
  expect(await (await response).text()).toBe('late')
  await closed
})
