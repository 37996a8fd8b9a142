import { hostname } from 'node:os'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { useTcpServer } from '../sandbox/http-server.ts'
import { attack } from './attack.ts'

const minute = 120_000
const quick = { wallPerRuleMs: 300, wallPerLoginMs: 600 }

/** Where the machine is busy a loop is broken off with its isolate; who has called out does not run again. */
const cpu = ['RULE_CPU', 'WORKER_LOST']

let accepted = 0
const sink = useTcpServer((socket) => {
  accepted++
  socket.resume()
})
const deaf = useTcpServer((socket) => socket.pause())
let mostSent = 0
const flood = useTcpServer((socket) => {
  let sent = 0
  const chunk = Buffer.alloc(65_536)
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk)) sent += chunk.length
    mostSent = Math.max(mostSent, sent)
  }
  socket.on('drain', pour)
  pour()
})
const resetting = useTcpServer((socket: Socket) => socket.once('data', () => socket.resetAndDestroy()))

const connect = (server: { readonly port: number }): string =>
  `var net = require('net'); var socket = net.connect(${server.port}, '127.0.0.1');`

describe('five times over, while another login goes through', () => {
  test.each<[what: string, script: () => string, codes: readonly string[], limits?: object]>([
    [
      'a thousand sockets',
      () => `var net = require('net'); for (var i = 0; i < 1000; i++) net.connect(${sink.port}, '127.0.0.1');`,
      ['LIMIT_EXCEEDED', ...cpu],
    ],
    [
      'a thousand questions to the name server',
      () =>
        `var dns = require('dns'); for (var i = 0; i < 1000; i++) dns.lookup('localhost', function (e) { if (e) throw e });`,
      ['LIMIT_EXCEEDED', ...cpu],
    ],
    [
      'writing for ever to who reads',
      () => `${connect(sink)} var chunk = Buffer.alloc(30000);
        (function go() { while (socket.write(chunk)); socket.once('drain', go) })();`,
      ['LIMIT_EXCEEDED', ...cpu],
    ],
    [
      'writing for ever to who does not read',
      () => `${connect(deaf)} var chunk = Buffer.alloc(30000);
        (function go() { while (socket.write(chunk)); socket.once('drain', go) })();`,
      ['LIMIT_EXCEEDED', 'RULE_TIMEOUT', ...cpu],
      quick,
    ],
    [
      'writing without waiting',
      () => `${connect(deaf)} for (;;) socket.write('x'.repeat(100000));`,
      [...cpu, 'RULE_MEMORY', 'RULE_TIMEOUT'],
    ],
    ['being flooded', () => `${connect(flood)} socket.resume();`, ['LIMIT_EXCEEDED', ...cpu]],
    [
      'being flooded without reading',
      () => `${connect(flood)} socket.pause(); setInterval(function () {}, 50);`,
      ['RULE_TIMEOUT'],
      quick,
    ],
    ['a peer that resets', () => `${connect(resetting)} socket.write('x');`, ['RULE_THREW']],
    ['a peer that says nothing', () => connect(deaf), ['RULE_TIMEOUT'], quick],
    [
      'a loop where its end is heard of',
      () => `${connect(sink)} global.kept = socket.on('close', function () { for (;;); });
        socket.on('error', function () {}); socket.on('connect', function () { callback(null, user, context) });`,
      ['allow'],
    ],
    [
      'connecting again where its end is heard of',
      () => `${connect(sink)} global.kept = socket.on('close', function () { net.connect(${sink.port}, '127.0.0.1') });
        socket.on('error', function () {}); socket.on('connect', function () { callback(null, user, context) });`,
      ['allow'],
    ],
  ])(
    '%s ends as a typed outcome',
    async (_what, script, codes, limits = {}) => {
      accepted = 0
      const { hostile, clean } = await attack(script(), 5, { limits, allow: ['127.0.0.1', 'localhost'] })
      expect(hostile.filter((code) => !codes.includes(code))).toEqual([])
      expect(clean).toEqual(['allow'])
      expect(accepted).toBeLessThanOrEqual(5 * 6)
    },
    minute,
  )

  test('a peer that floods fills no memory but the system’s own buffers', () => {
    expect(mostSent).toBeGreaterThan(0)
    expect(mostSent).toBeLessThan(16_000_000)
  })
})

test(
  'no way of writing an address leads to this machine, its network or the cloud’s metadata',
  async () => {
    const hosts = `127.0.0.1 127.1 0x7f.1 2130706433 0.0.0.0 0 ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 localhost ${hostname()}
      169.254.169.254 ::ffff:169.254.169.254 fd00:ec2::254 168.63.129.16 10.0.0.1 192.168.0.1 172.16.0.1 100.64.0.1 [::1]`
    const list = JSON.stringify(hosts.split(/\s+/))
    const script = (use: string): string => `var net = require('net'), hosts = ${list}, left = 10;
      var start = Number(user.name && global.at || 0); global.at = (start + 10) % hosts.length;
      for (var host of hosts.slice(start, start + 10).concat(hosts).slice(0, 10)) (function (host) {
        ${use}
          var refused = /NETWORK_REFUSED|ENOTFOUND|EAI_AGAIN|EINVAL/.test(error && error.code);
          if (!refused) throw new Error('reached ' + host + ': ' + (error && error.message));
          if (--left === 0) callback(null, user, context);
        });
      })(host)`
    const limits = { maxConcurrentRequests: 10 }
    const connecting = script(`var socket = net.connect(${sink.port}, host);
      socket.on('connect', function () { throw new Error('reached ' + host) }); socket.on('error', function (error) {`)
    const looking = script(`require('dns').lookup(host, function (error) {`)
    for (const attempt of [connecting, looking]) {
      accepted = 0
      // oxlint-disable-next-line no-await-in-loop -- each counts what came
      const { hostile, clean } = await attack(attempt, 3, { limits })
      expect([hostile, clean, accepted]).toEqual([['allow'], ['allow'], 0])
    }
  },
  minute,
)
