import { connect } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { useEngine } from '../../engine/use-engine.ts'
import { postgresHost, testPostgres } from '../../store/databases.ts'
import { useTcpServer } from '../http-server.ts'
import { makeCertificate } from './certificates.ts'

const certificate = await makeCertificate('localhost')
const databases = testPostgres()
/** Three connections over TLS, in a realm that has not run anything, take more CPU than a rule may use on a slow machine. */
const enoughCpu = { cpuPerRuleMs: 1_000, cpuPerLoginMs: 1_000 }

describe.each(databases)('a pool that is kept on global, on a real %s', (_, freshUrl) => {
  const { engine, run } = useEngine({ network: { allow: [postgresHost] }, limits: { wallPerRuleMs: 2_000 } })
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

describe.each(databases)('a real %s behind TLS', (_, freshUrl) => {
  let url: string
  beforeAll(async () => {
    url = await freshUrl()
  })
  const { run } = useEngine({
    network: { allow: ['localhost'] },
    configuration: { ca: certificate.cert },
    limits: enoughCpu,
  })
  /** Consents to TLS and carries what comes through it to the server. */
  const proxy = useTcpServer((socket) => {
    socket.once('data', (request) => {
      socket.write(request.readInt32BE(4) === 80_877_103 ? 'S' : 'E')
      const secureContext = createSecureContext(certificate)
      const over = new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => undefined)
      const { hostname, port } = new URL(url)
      const database = connect(Number(port), hostname).on('error', () => over.destroy())
      over.pipe(database).pipe(over)
    })
  })

  test('is spoken to by pg, which checks the certificate', async () => {
    const { user } = await run(
      `async function (user, context, callback) {
        const { Client } = require('pg'), { ca } = configuration
        const ask = async (ssl) => {
          const client = new Client({ host: 'localhost', port: ${proxy.port}, user: 'postgres', database: 'postgres', ssl })
          try {
            await client.connect()
            return (await client.query('SELECT 40 + $1::int AS sum', [2])).rows[0].sum
          } catch (error) {
            return error.code
          } finally {
            await client.end()
          }
        }
        user.sum = await ask({ ca })
        user.untrusted = await ask(true)
        user.careless = await ask({ rejectUnauthorized: false })
        callback(null, user, context)
      }`,
    )
    expect(user).toMatchObject({ sum: 42, untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT', careless: 42 })
  })
})
