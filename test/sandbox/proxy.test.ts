import { createServer as createHttpServer } from 'node:http'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { EngineNetwork } from '../../src/engine/options/engine-options.ts'
import { login } from '../engine/use-engine.ts'
import { useServer, useTcpServer } from './http-server.ts'

const server = useServer((request, response) => response.end(JSON.stringify(request.headers)))
const echo = useTcpServer((socket) => socket.end('reached'))

/** A proxy of the embedder, with a password. It resolves names that this machine does not know. */
const tunnels: string[] = []
let status = 200
const proxy = createHttpServer().on('connect', (request, socket) => {
  tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`)
  if (status !== 200) {
    socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    return
  }
  const target = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    target.pipe(socket).pipe(target)
  })
  for (const one of [socket, target]) one.on('error', () => undefined)
})
beforeAll(() => once(proxy.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => void proxy.close())
const credentials = `Basic ${btoa('claimsmith:pass word')}`

/** Runs in an engine of its own: a worker keeps tunnels open for later requests. */
async function run(expression: string, network: EngineNetwork): Promise<unknown> {
  tunnels.length = 0
  const { port } = proxy.address() as AddressInfo
  const engine = createEngine({
    rules: [
      {
        name: 'r',
        script: `async (user, context, callback) => { user.result = await (${expression}).catch((error) => [error.code, error.message]); callback(null, user, context) }`,
      },
    ],
    network: { proxy: `http://claimsmith:pass%20word@127.0.0.1:${port}`, ...network },
    limits: { workers: 1 },
  })
  const outcome = await engine.run(login)
  await engine.close()
  expect(JSON.stringify(outcome)).not.toContain('pass word')
  return outcome.user['result'] ?? outcome.reason
}

const allow = ['127.0.0.1', '::1']
const get = (host: string): string => `fetch('http://${host}:${server.port}/').then((answer) => answer.json())`

test('requests go through the proxy, which gets the name and its own credentials alone', async () => {
  const headers = await run(get('localhost'), { allow })
  expect(headers).toMatchObject({ host: `localhost:${server.port}` })
  expect(headers).not.toHaveProperty('proxy-authorization')
  expect(tunnels).toEqual([`localhost:${server.port} ${credentials}`])
})

test('sockets go through it as well, and see the other end as the host that they asked for', async () => {
  const expression = `new Promise((resolve, reject) => { const socket = require('net').connect(${echo.port}, 'localhost').on('error', reject).on('data', (bytes) => resolve([String(bytes), socket.remotePort])) })`
  expect(await run(expression, { allow })).toEqual(['reached', echo.port])
  expect(tunnels).toEqual([`localhost:${echo.port} ${credentials}`])
})

test('private addresses stay closed, though the proxy could reach them', async () => {
  expect(await run(get('localhost'), {})).toEqual(['NETWORK_REFUSED', expect.stringContaining('a loopback address')])
  expect(tunnels).toEqual([])
})

test('a name that is unknown here is left to the proxy if the list of hosts has it', async () => {
  expect(await run(get('crm.invalid'), { hosts: ['crm.invalid'] })).toMatchObject({
    host: `crm.invalid:${server.port}`,
  })
  expect(await run(get('crm.invalid'), {})).toEqual([
    'NETWORK_REFUSED',
    expect.stringContaining('crm.invalid cannot be resolved here'),
  ])
  expect(tunnels).toEqual([])
})

test('a proxy that refuses is an error without its address', async () => {
  status = 407
  expect(await run(get('localhost'), { allow })).toEqual([
    'ECONNREFUSED',
    'the proxy of network.proxy answered CONNECT with 407',
  ])
  status = 200
})

test.each([
  ['no URL', { proxy: 'user:secret@proxy' }],
  ['another protocol', { proxy: 'socks5://user:secret@proxy' }],
  ['one beside fetch', { proxy: 'http://user:secret@proxy', fetch: () => new Response() }],
])('%s is refused, and the message does not repeat it', (_what, network) => {
  const attempt = (): unknown => createEngine({ rules: [], network })
  expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(attempt).not.toThrow(/secret/)
})
