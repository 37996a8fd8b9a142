import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { useTcpServer } from '../sandbox/http-server.ts'
import { attack } from './attack.ts'
import { type HostileCase, enoughCpu, littleTime, muchMemory, testHostileCases } from './hostile-case.ts'

const maxConnections = 6

let accepted = 0
beforeEach(() => {
  accepted = 0
})
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
const writeForEver = `var chunk = Buffer.alloc(30000);
  (function go() { while (socket.write(chunk)); socket.once('drain', go) })();`
const allow = ['127.0.0.1', 'localhost']

const cases: readonly HostileCase[] = [
  {
    what: 'a thousand questions to the name server',
    script: `var dns = require('dns'); for (var i = 0; i < 1000; i++) dns.lookup('localhost', function (e) { if (e) throw e });`,
    ends: 'LIMIT_EXCEEDED',
  },
  { what: 'writing for ever to who reads', script: () => connect(sink) + writeForEver, ends: 'LIMIT_EXCEEDED' },
  {
    what: 'writing for ever to who does not read',
    script: () => connect(deaf) + writeForEver,
    ends: 'LIMIT_EXCEEDED',
  },
  {
    what: 'writing without waiting',
    script: () => `${connect(deaf)} for (;;) socket.write('x'.repeat(100000));`,
    ends: 'RULE_CPU',
    limits: muchMemory,
  },
  { what: 'being flooded', script: () => `${connect(flood)} socket.resume();`, ends: 'LIMIT_EXCEEDED' },
  {
    what: 'a peer that resets',
    script: () => `${connect(resetting)} socket.write('x');`,
    ends: 'RULE_THREW',
  },
  { what: 'a peer that says nothing', script: () => connect(deaf), ends: 'RULE_TIMEOUT', limits: littleTime },
  {
    what: 'a loop in the listener for its end',
    script: () => `${connect(sink)} global.kept = socket.on('close', function () { for (;;); });
      socket.on('error', function () {}); socket.on('connect', function () { callback(null, user, context) });`,
    ends: 'allow',
  },
  {
    what: 'connecting again in the listener for its end',
    script:
      () => `${connect(sink)} global.kept = socket.on('close', function () { net.connect(${sink.port}, '127.0.0.1') });
      socket.on('error', function () {}); socket.on('connect', function () { callback(null, user, context) });`,
    ends: 'allow',
  },
]

describe('sockets that do not end', () => {
  testHostileCases(cases, { limits: enoughCpu, allow })
})

const timeoutMs = 120_000

test(
  'a thousand sockets: LIMIT_EXCEEDED, and the server sees no more than a login may open',
  async () => {
    const script = `var net = require('net'); for (var i = 0; i < 1000; i++) net.connect(${sink.port}, '127.0.0.1');`
    const { hostile, clean } = await attack(script, inject('repeats'), { limits: enoughCpu, allow })
    expect([hostile, clean]).toEqual([['LIMIT_EXCEEDED'], ['allow']])
    expect(accepted).toBeLessThanOrEqual(inject('repeats') * maxConnections)
  },
  timeoutMs,
)

test(
  'being flooded without reading: RULE_TIMEOUT, and nothing but the system’s own buffers is filled',
  async () => {
    const script = `${connect(flood)} socket.pause(); setInterval(function () {}, 50);`
    const { hostile, clean } = await attack(script, inject('repeats'), { limits: littleTime, allow })
    expect([hostile, clean]).toEqual([['RULE_TIMEOUT'], ['allow']])
    expect(mostSent).toBeGreaterThan(0)
    expect(mostSent).toBeLessThan(16_000_000)
  },
  timeoutMs,
)

/** Writes a rule that goes through ten of the hosts in each login, and fails if one of them is reached. */
function writeReachingRule(use: string): string {
  const hosts = `127.0.0.1 127.1 0x7f.1 2130706433 0.0.0.0 0 ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 localhost ${hostname()}
    169.254.169.254 ::ffff:169.254.169.254 fd00:ec2::254 168.63.129.16 10.0.0.1 192.168.0.1 172.16.0.1 100.64.0.1 [::1]`
  return `var net = require('net'), hosts = ${JSON.stringify(hosts.split(/\s+/))}, left = 10;
    var start = Number(user.name && global.at || 0); global.at = (start + 10) % hosts.length;
    for (var host of hosts.slice(start, start + 10).concat(hosts).slice(0, 10)) (function (host) {
      ${use}
        var refused = /NETWORK_REFUSED|ENOTFOUND|EAI_AGAIN|EINVAL/.test(error && error.code);
        if (!refused) throw new Error('reached ' + host + ': ' + (error && error.message));
        if (--left === 0) callback(null, user, context);
      });
    })(host)`
}

test.each([
  [
    'connecting',
    () => `var socket = net.connect(${sink.port}, host);
      socket.on('connect', function () { throw new Error('reached ' + host) }); socket.on('error', function (error) {`,
  ],
  ['asking the name server', () => `require('dns').lookup(host, function (error) {`],
])(
  'no way of writing an address leads to this machine, its network or the cloud’s metadata by %s',
  async (_what, use) => {
    const { hostile, clean } = await attack(writeReachingRule(use()), 3, { limits: { maxConcurrentRequests: 10 } })
    expect([hostile, clean, accepted]).toEqual([['allow'], ['allow'], 0])
  },
  timeoutMs,
)
