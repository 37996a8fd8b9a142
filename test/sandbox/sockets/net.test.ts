import { expect, test } from 'vitest'
import { useEngine } from '../../engine/use-engine.ts'
import { useTcpServer } from '../http-server.ts'

const echo = useTcpServer((socket) => socket.pipe(socket))
const closing = useTcpServer((socket) => socket.end('bye'))
const resetting = useTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
const silent = useTcpServer(() => undefined)
const { engine, run } = useEngine({
  network: { allow: ['127.0.0.1', 'localhost'] },
  limits: { requestTimeoutMs: 1_000, cpuPerRuleMs: 500 },
})

/** A rule that has `net`, and a promise of an event. */
const rule = (body: string): string => `async function (user, context, callback) {
  const net = require('net')
  const once = (socket, name) => new Promise((resolve) => socket.once(name, resolve))
  ${body}
  callback(null, user, context)
}`

test('a socket writes, reads and ends', async () => {
  const { user, rules } = await run(
    rule(`const socket = net.connect({ host: 'localhost', port: ${echo.port} }, () => socket.write('hel'))
      let text = ''
      socket.setEncoding('utf8').on('data', (part) => { text += part; if (text === 'hello') socket.end() })
      user.state = [socket.connecting, socket.readyState]
      await once(socket, 'connect')
      socket.write(Buffer.from('l')); socket.write('o')
      user.to = [socket.remoteAddress, socket.remotePort, socket.remoteFamily, socket.readyState]
      await once(socket, 'close')
      user.text = text
      user.counts = [socket.bytesWritten, socket.bytesRead, socket.destroyed]`),
  )
  expect(user).toMatchObject({
    state: [true, 'opening'],
    to: ['127.0.0.1', echo.port, 'IPv4', 'open'],
    text: 'hello',
    counts: [5, 5, true],
  })
  expect(rules[0]?.requests).toEqual([
    { method: 'CONNECT', url: `tcp://localhost:${echo.port}`, durationMs: expect.any(Number) as number },
  ])
})

test('what is large comes back as it went, whatever its pieces', async () => {
  const { user } = await run(
    rule(`const sent = Buffer.alloc(400000, 'abcdefghijklmnopqrstuvwxyz')
      const socket = new net.Socket().connect(${echo.port}, '127.0.0.1')
      socket.end(sent)
      const parts = []
      for await (const part of socket) parts.push(part)
      user.same = Buffer.concat(parts).equals(sent)`),
  )
  expect(user['same']).toBe(true)
})

test('the order of the events is that of Node', async () => {
  const { user } = await run(
    rule(`const socket = net.createConnection(${closing.port}, '127.0.0.1')
      user.events = []
      for (const name of ['connect', 'ready', 'data', 'end', 'finish', 'close']) socket.on(name, () => user.events.push(name))
      await once(socket, 'close')`),
  )
  expect(user['events']).toEqual(['connect', 'ready', 'data', 'end', 'finish', 'close'])
})

test('failures have the codes of Node', async () => {
  const { user } = await run(
    rule(`const fails = async (...to) => {
        const { code, syscall, message } = await once(net.connect(...to), 'error')
        return [code, syscall, message]
      }
      user.refused = await fails(1024, '127.0.0.1')
      user.unknown = await fails({ host: 'nowhere.invalid', port: 80 })
      const socket = net.connect(${resetting.port}, '127.0.0.1')
      socket.write('x')
      user.reset = (await once(socket, 'error')).code
      const over = net.connect(${echo.port}, '127.0.0.1')
      over.destroy()
      user.over = await new Promise((resolve) => over.write('x', (error) => resolve(error.code)))
      try { net.connect(70000) } catch (error) { user.port = error.code }`),
  )
  expect(user).toMatchObject({
    refused: ['ECONNREFUSED', 'connect', 'connect ECONNREFUSED 127.0.0.1:1024'],
    reset: 'ECONNRESET',
    over: 'ERR_STREAM_DESTROYED',
    port: 'ERR_SOCKET_BAD_PORT',
  })
  expect(['ENOTFOUND', 'EAI_AGAIN']).toContain((user['unknown'] as string[])[0])
})

test('a socket that hears nothing times out, and goes on until it is destroyed', async () => {
  const { user } = await run(
    rule(`const socket = net.connect({ port: ${silent.port}, host: '127.0.0.1', timeout: 5 })
      await once(socket, 'timeout')
      user.destroyed = socket.destroyed
      socket.destroy()
      await once(socket, 'close')`),
  )
  expect(user['destroyed']).toBe(false)
})

test('who does not read hears of the end once he does', async () => {
  const { user } = await run(
    rule(`const socket = net.connect(${closing.port}, '127.0.0.1')
      await once(socket, 'connect')
      await new Promise((resolve) => setTimeout(resolve, 20))
      user.before = socket.destroyed
      socket.resume()
      await once(socket, 'close')`),
  )
  expect(user['before']).toBe(false)
})

test('a half that is closed leaves the other open where it is asked for', async () => {
  const { user } = await run(
    rule(`const socket = net.connect({ port: ${closing.port}, host: '127.0.0.1', allowHalfOpen: true })
      socket.resume()
      await once(socket, 'end')
      user.open = [socket.writable, socket.readyState]
      socket.end()
      await once(socket, 'close')`),
  )
  expect(user['open']).toEqual([true, 'writeOnly'])
})

test('a name is looked up among the addresses that may be called', async () => {
  const { user, rules } = await run(
    rule(`const dns = require('dns')
      user.one = await dns.promises.lookup('localhost', { family: 4 })
      user.all = await new Promise((resolve) => dns.lookup('localhost', { all: true, family: 4 }, (error, all) => resolve(all)))
      const socket = net.connect(${echo.port}, user.one.address)
      await once(socket, 'connect')
      user.missing = await dns.promises.resolveSrv('_mongodb._tcp.nowhere.invalid').catch((error) => error.code)`),
  )
  expect(user).toMatchObject({ one: { address: '127.0.0.1', family: 4 }, all: [{ address: '127.0.0.1', family: 4 }] })
  expect(user['missing']).toMatch(/^E/)
  expect(rules[0]?.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'RESOLVE dns:localhost?type=ADDRESS',
    'RESOLVE dns:localhost?type=ADDRESS',
    `CONNECT tcp://127.0.0.1:${echo.port}`,
    'RESOLVE dns:_mongodb._tcp.nowhere.invalid?type=SRV',
  ])
})

test('a dry run opens no connections', async () => {
  await engine.replace([
    { name: 'asks', script: rule(`net.connect(${echo.port}, '127.0.0.1'); await once(net, 'never')`) },
  ])
  const { error } = await engine.run({ user: {}, context: {} }, { dry: true })
  expect(error).toMatchObject({ code: 'NETWORK_REFUSED', message: expect.stringContaining('a dry run') as string })
})
