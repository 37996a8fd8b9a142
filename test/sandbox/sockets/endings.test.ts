import { once } from 'node:events'
import type { Socket } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Outcome } from '../../../src/engine/outcome.ts'
import { useEngine } from '../../engine/use-engine.ts'
import { testPostgres } from '../../store/databases.ts'
import { useTcpServer } from '../http-server.ts'

const connections: Socket[] = []
const echo = useTcpServer((socket) => {
  connections.push(socket)
  socket.pipe(socket)
})
const { engine, run } = useEngine({
  network: { allow: ['127.0.0.1', '127.0.0.1:5432'] },
  limits: { wallPerRuleMs: 2_000 },
})

/** Every server's socket of a login, once the login is over: each is closed. */
async function closed(): Promise<number> {
  const mine = connections.splice(0)
  await Promise.all(mine.map(async (socket) => socket.destroyed || once(socket, 'close')))
  return mine.length
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
    expect(await closed()).toBe(3)
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
})

describe.each(testPostgres())('a pool that is kept on global, on a real %s', (_, freshUrl) => {
  let url: string
  beforeAll(async () => {
    url = await freshUrl()
  })
  const script = (body: string): string => `async function (user, context, callback) {
    const { Pool } = require('pg')
    if (user.early) throw new Error('broken')
    global.pool = global.pool || new Pool({ connectionString: ${JSON.stringify(url)} }).on('error', () => undefined)
    const { rows } = await global.pool.query('SELECT pg_backend_pid() AS pid')
    user.pid = rows[0].pid
    ${body}
    callback(null, user, context)
  }`
  const ends = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ outcome, error }) => error?.code ?? outcome)

  test('connects anew in each login', async () => {
    const outcomes = [await run(script(''))]
    for (let login = 0; login < 3; login++) outcomes.push(await engine.run({ user: {}, context: {} }))
    expect(ends(outcomes)).toEqual(['allow', 'allow', 'allow', 'allow'])
    expect(new Set(outcomes.map(({ user }) => user['pid'])).size).toBe(4)
    expect(outcomes.map(({ rules }) => rules[0]?.requests.length)).toEqual([1, 1, 1, 1])
  })

  test('goes on to serve when logins have failed', async () => {
    const failing = script(`if (user.throws) throw new Error('broken')
      if (user.waits) await new Promise(() => undefined)`)
    await engine.replace([{ name: 'fails', script: failing }])
    const outcomes: Outcome[] = []
    for (const user of [{}, { throws: true }, {}, { early: true }, {}, { waits: true }, {}, {}]) {
      outcomes.push(await engine.run({ user, context: {} }))
    }
    const [t, w] = ['RULE_THREW', 'RULE_TIMEOUT']
    expect(ends(outcomes)).toEqual(['allow', t, 'allow', t, 'allow', w, 'allow', 'allow'])
  })

  test('serves logins that run side by side', async () => {
    await engine.replace([{ name: 'shares', script: script('') }])
    const outcomes: Outcome[] = []
    for (let round = 0; round < 4; round++) {
      outcomes.push(...(await Promise.all([1, 2, 3, 4].map(() => engine.run({ user: {}, context: {} })))))
    }
    expect(ends(outcomes)).toEqual(Array(16).fill('allow'))
  })

  test('works in fresh realms', async () => {
    const fresh = createEngine({
      rules: [{ name: 'fresh', script: script('') }],
      realm: 'fresh',
      network: { allow: [new URL(url).host] },
      limits: { workers: 1 },
    })
    const outcomes: Outcome[] = []
    for (let login = 0; login < 3; login++) outcomes.push(await fresh.run({ user: {}, context: {} }))
    await fresh.close()
    expect(ends(outcomes)).toEqual(['allow', 'allow', 'allow'])
  })
})
