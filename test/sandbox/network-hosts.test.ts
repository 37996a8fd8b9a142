import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { isHostInList, parseHostPattern } from '../../src/sandbox/net/host-pattern.ts'
import { action, login, rule, useEngine } from '../engine/use-engine.ts'
import { useServer, useTcpServer } from './http-server.ts'

const isIn = (pattern: string, host: string, port?: number): boolean =>
  isHostInList(
    [parseHostPattern(pattern)].filter((one) => one !== undefined),
    host,
    port,
  )

describe('an entry of a list of hosts', () => {
  test.each<[string, string, number | undefined, boolean]>([
    ['crm.example', 'crm.example', 443, true],
    ['crm.example', 'CRM.Example.', 8080, true],
    ['crm.example', 'api.crm.example', 443, false],
    ['crm.example', 'evilcrm.example', 443, false],
    ['crm.example', 'crm.example.evil', 443, false],
    ['crm.example:443', 'crm.example', 443, true],
    ['crm.example:443', 'crm.example', 80, false],
    ['crm.example:443', 'crm.example', undefined, true],
    ['*.crm.example', 'api.crm.example', 443, true],
    ['*.crm.example', 'a.b.crm.example', 443, true],
    ['*.crm.example', 'crm.example', 443, false],
    ['*.crm.example', 'evilcrm.example', 443, false],
    ['*.crm.example:8443', 'api.crm.example', 443, false],
    ['müller.example', 'xn--mller-kva.example', 443, true],
    ['203.0.113.5', '203.0.113.5', 443, true],
    ['203.0.113.5', '::ffff:203.0.113.5', 443, true],
    ['203.0.113.5:443', '203.0.113.5', 80, false],
    ['127.0.0.1', '127.1', 80, true],
    ['127.0.0.1', '0x7f000001', 80, true],
    ['[2001:db8::1]', '2001:db8:0::1', 443, true],
    ['[2001:db8::1]:8443', '2001:db8::1', 443, false],
    ['crm.example', 'crm.example/', 443, false],
    ['crm.example', '', 443, false],
    ['crm.example', 'a b', 443, false],
  ])('%s: is %s on port %s in it? %s', (pattern, host, port, expected) => {
    expect(isIn(pattern, host, port)).toBe(expected)
  })

  test.each([
    ['a URL', 'https://crm.example'],
    ['a path', 'crm.example/api'],
    ['everything', '*'],
    ['a star inside', 'api.*.example'],
    ['a star without a dot', '*crm.example'],
    ['a block', '10.0.0.0/8'],
    ['no port after the colon', 'crm.example:'],
    ['a port that is none', 'crm.example:70000'],
    ['a user', 'user@crm.example'],
    ['an address with a star', '*.10.0.0.1'],
    ['an IPv6 address without brackets', '2001:db8::1'],
    ['nothing', ''],
    ['a number', 443],
  ])('is none if it is %s', (_what, entry) => {
    expect(() => createEngine({ rules: [], network: { hosts: ['crm.example', entry as string] } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^network\.hosts\[1\] is .*; give a host such as crm\.example, /) as string,
      }),
    )
  })

  test('stands in a list', () => {
    expect(() => createEngine({ rules: [], network: { hosts: 'crm.example' as unknown as [] } })).toThrow(
      "network.hosts is a string; a list belongs there, such as ['crm.example']",
    )
  })
})

const requests: string[] = []
const server = useServer((request, response) => {
  requests.push(request.headers.host ?? '')
  const location = new URL(request.url ?? '', 'http://x').searchParams.get('to')
  if (location === null) response.end('reached')
  else response.writeHead(302, { location }).end()
})
const echo = useTcpServer((socket) => socket.end('reached'))
const listed = useEngine({
  modulesFolder: process.cwd(),
  network: { hosts: ['localhost'], allow: ['127.0.0.1', '::1'] },
})
const open = useEngine({ network: { allow: ['127.0.0.1', '::1'] } })

const outside = /127\.0\.0\.1:\d+ is not in network\.hosts of the engine: localhost$/

/** Each makes a request to `host`, and puts what came of it into `user.result`. */
const clients: Record<string, (host: string, port: number) => string> = {
  fetch: (host, port) => `fetch('http://${host}:${port}/').then((answer) => answer.text())`,
  http: (host, port) => `new Promise((resolve, reject) => require('http').get('http://${host}:${port}/', (answer) => {
    let text = ''; answer.on('data', (chunk) => { text += chunk }).on('end', () => resolve(text)) }).on('error', reject))`,
  axios: (host, port) => `require('axios').get('http://${host}:${port}/').then(({ data }) => data)`,
  request: (host, port) => `new Promise((resolve, reject) =>
    require('request')('http://${host}:${port}/', (error, _, body) => error ? reject(error) : resolve(body)))`,
}
const collect = (expression: string): string => `async function (user, context, callback) {
  user.result = await (${expression}).catch((error) => [error.code, error.message]); callback(null, user, context) }`

describe('a list of hosts', () => {
  test.each(Object.keys(clients))('lets %s call what is in it, and nothing else', async (name) => {
    const client = clients[name] ?? (() => '')
    expect((await listed.run(collect(client('localhost', server.port)))).user['result']).toBe('reached')
    const before = requests.length
    const { user, rules } = await listed.run(collect(client('127.0.0.1', server.port)))
    expect(user['result']).toEqual(['NETWORK_REFUSED', expect.stringMatching(outside)])
    expect(rules[0]?.requests).toEqual([expect.objectContaining({ error: expect.stringMatching(outside) as string })])
    expect(requests.length).toBe(before)
  })

  test('is checked at each redirect', async () => {
    const to = encodeURIComponent(`http://127.0.0.1:${server.port}/`)
    const expression = `fetch('http://localhost:${server.port}/?to=${to}').then((answer) => answer.text())`
    const { user } = await listed.run(collect(expression))
    expect(user['result']).toEqual(['NETWORK_REFUSED', expect.stringMatching(outside)])
  })

  test.each(['net', 'tls'])('is checked for sockets of %s', async (module) => {
    const expression = `new Promise((resolve, reject) => require('${module}').connect(${echo.port}, '127.0.0.1').on('error', reject).on('data', resolve))`
    const { user, rules } = await listed.run(collect(expression))
    expect(user['result']).toEqual(['NETWORK_REFUSED', expect.stringMatching(outside)])
    expect(rules[0]?.requests).toEqual([expect.objectContaining({ error: expect.stringMatching(outside) as string })])
  })

  test('lets a socket connect to a name in it', async () => {
    const expression = `new Promise((resolve, reject) => require('net').connect(${echo.port}, 'localhost').on('error', reject).on('data', (bytes) => resolve(String(bytes))))`
    expect((await listed.run(collect(expression))).user['result']).toBe('reached')
  })

  test.each(['lookup', 'resolveSrv', 'resolveTxt'])('is checked before %s asks a name server', async (call) => {
    const name = call === 'resolveSrv' ? '_a._tcp.secret-value.evil.example' : 'secret-value.evil.example'
    const { user, rules } = await listed.run(collect(`require('dns').promises.${call}('${name}')`))
    const refusal = /secret-value\.evil\.example is not in network\.hosts of the engine: localhost$/
    expect(user['result']).toEqual(['NETWORK_REFUSED', expect.stringMatching(refusal)])
    expect(rules[0]?.requests).toEqual([expect.objectContaining({ error: expect.stringMatching(refusal) as string })])
  })

  test('does not open private addresses: network.allow has to name them as well', async () => {
    const engine = createEngine({
      rules: [{ name: 'r', script: collect(`fetch('http://localhost:${server.port}/')`) }],
      network: { hosts: ['localhost'] },
    })
    const { user } = await engine.run(login)
    expect(user['result']).toEqual([
      'NETWORK_REFUSED',
      expect.stringContaining('localhost leads to a loopback address'),
    ])
    await engine.close()
  })

  test('that is empty refuses everything', async () => {
    const engine = createEngine({
      rules: [{ name: 'r', script: collect(`fetch('http://crm.example/')`) }],
      network: { hosts: [] },
    })
    const message = 'fetch to crm.example refused: crm.example:80 is not in network.hosts of the engine: it is empty'
    expect((await engine.run(login)).user['result']).toEqual(['NETWORK_REFUSED', message])
    await engine.close()
  })

  test('counts where the embedder answers the requests, too', async () => {
    const engine = createEngine({
      rules: [{ name: 'r', script: collect(`fetch('https://other.example/').then((answer) => answer.text())`) }],
      network: { hosts: ['crm.example'], fetch: () => new Response('answered') },
    })
    expect((await engine.run(login)).user['result']).toEqual([
      'NETWORK_REFUSED',
      expect.stringContaining('crm.example'),
    ])
    await engine.close()
  })
})

describe('the hosts of a rule', () => {
  const call = (host: string): string => collect(clients['fetch']?.(host, server.port) ?? '')

  test('are the only ones that it may call', async () => {
    const { user } = await open.run([{ script: call('127.0.0.1'), hosts: ['localhost'] }])
    expect(user['result']).toEqual([
      'NETWORK_REFUSED',
      expect.stringMatching(/127\.0\.0\.1:\d+ is not in the hosts of the rule "rule-1": localhost$/),
    ])
    expect((await open.run([{ script: call('localhost'), hosts: ['localhost'] }])).user['result']).toBe('reached')
  })

  test('have to be in the list of the engine as well', async () => {
    const { user } = await listed.run([{ script: call('127.0.0.1'), hosts: ['127.0.0.1'] }])
    expect(user['result']).toEqual(['NETWORK_REFUSED', expect.stringMatching(outside)])
  })

  test('do not count for the rules after it', async () => {
    const { user } = await open.run([
      { script: rule('callback(null, user, context)'), hosts: [] },
      { script: call('127.0.0.1') },
    ])
    expect(user['result']).toBe('reached')
  })

  test('count for a request that its last rule does not wait for', async () => {
    const script = rule(`fetch('http://127.0.0.1:${server.port}/').catch(() => {}); callback(null, user, context)`)
    const before = requests.length
    expect((await open.run([{ script, hosts: ['localhost'] }])).rules[0]?.requests.length).toBe(1)
    // A later request of the same worker has an answer, so the earlier one would have arrived.
    expect((await open.run([{ script: call('localhost') }])).user['result']).toBe('reached')
    expect(requests.slice(before)).toEqual([`localhost:${server.port}`])
  })

  test('may be declared by an action', async () => {
    const script = action(`await fetch('http://127.0.0.1:${server.port}/')`)
    expect(await open.run([{ script, hosts: ['localhost'] }])).toMatchObject({
      outcome: 'error',
      error: { code: 'NETWORK_REFUSED', rule: 'rule-1' },
    })
  })

  test('stand in the JSON file beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claimsmith-hosts-'))
    writeFileSync(join(folder, 'crm.js'), call('127.0.0.1'))
    writeFileSync(join(folder, 'crm.json'), JSON.stringify({ hosts: ['localhost'] }))
    const engine = createEngine({ rules: folder, network: { allow: ['127.0.0.1'] } })
    expect((await engine.run(login)).user['result']).toEqual([
      'NETWORK_REFUSED',
      expect.stringContaining('the hosts of the rule "crm": localhost'),
    ])
    await engine.close()
    rmSync(folder, { recursive: true })
  })

  test('are refused with the rule and the entry if one is no host', () => {
    const rules = [{ name: 'crm', script: rule(''), hosts: ['https://crm.example'] }]
    expect(() => createEngine({ rules })).toThrow(
      expect.objectContaining({
        code: 'INVALID_RULESET',
        message: expect.stringMatching(
          /^The rule "crm" is not valid: hosts\[0\] is 'https:\/\/crm\.example'; give a host/,
        ) as string,
      }),
    )
  })
})
