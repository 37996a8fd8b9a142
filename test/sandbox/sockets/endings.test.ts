import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/use-engine.ts'
import { useTcpServer } from '../http-server.ts'

const connections: Socket[] = []
const echo = useTcpServer((socket) => {
  connections.push(socket)
  socket.pipe(socket)
})
const { engine, run } = useEngine({
  network: { allow: ['127.0.0.1'] },
  limits: { wallPerRuleMs: 2_000 },
})

/** Waits until the server has seen so many connections, and each of them is closed. */
async function expectClosed(count: number): Promise<void> {
  // The server may hear of a connection later than the rule.
  await expect.poll(() => connections.length).toBe(count)
  await Promise.all(connections.splice(0).map(async (socket) => socket.destroyed || once(socket, 'close')))
}

const rule = (body: string): string => `async function (user, context, callback) {
  const sockets = await Promise.all([1, 2, 3].map(() => new Promise((resolve) => {
    const socket = require('net').connect(${echo.port}, '127.0.0.1', () => resolve(socket))
  })))
  ${body}
}`

describe('the connections of a login are closed when it ends', () => {
  test.each([
    ['well', 'callback(null, user, context)', 'allow'],
    ['with a refusal', 'callback(new UnauthorizedError("no"))', 'deny'],
    ['with an error', 'throw new Error("broken")', 'error'],
    ['with its CPU used up', 'for (;;);', 'error'],
    ['with its memory used up', 'const all = []; for (;;) all.push(new Array(1e5).fill(0.5))', 'error'],
  ])('%s', async (_, body, outcome) => {
    expect((await run(rule(body))).outcome).toBe(outcome)
    await expectClosed(3)
  })
})

test('a socket that is kept on global is closed in the next login, and says so', async () => {
  const script = `async function (user, context, callback) {
    const { socket } = global
    if (socket === undefined) {
      global.events = []
      global.socket = require('net').connect(${echo.port}, '127.0.0.1')
      global.socket.on('error', ({ message }) => global.events.push(message)).on('close', () => global.events.push('close'))
      await new Promise((resolve) => global.socket.once('connect', resolve))
    } else {
      user.events = global.events
      user.destroyed = socket.destroyed
      user.written = await new Promise((resolve) => socket.write('x', (error) => resolve(error.code)))
    }
    callback(null, user, context)
  }`
  await run(script)
  const { user } = await engine.run({ user: {}, context: {} })
  expect(user).toEqual({
    events: ['the connection ended with the login that opened it', 'close'],
    destroyed: true,
    written: 'ERR_STREAM_DESTROYED',
  })
  await expectClosed(1)
})
