import { hostname } from 'node:os'
import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { enoughCpu, littleTime, muchMemory } from './limits.ts'
import { bothRealms } from './variants.ts'

const maxConnections = 6
/** What the system's own buffers hold at most. */
const maxBufferedBytes = 16_000_000
const allow = ['127.0.0.1', 'localhost']

const connect = (port: number): string => `var net = require('net'); var socket = net.connect(${port}, '127.0.0.1');`
const writeForEver = `var chunk = Buffer.alloc(30000);
  (function go() { while (socket.write(chunk)); socket.once('drain', go) })();`

const flooding: readonly ScriptCase[] = inRow(
  'RX-12',
  bothRealms,
  [
    {
      mechanism: 'a thousand questions to the name server',
      script: `var dns = require('dns'); for (var i = 0; i < 1000; i++) dns.lookup('localhost', function (e) { if (e) throw e });`,
      expected: 'LIMIT_EXCEEDED',
    },
    {
      mechanism: 'writing for ever to who reads',
      script: (servers) => connect(servers.sink) + writeForEver,
      expected: 'LIMIT_EXCEEDED',
    },
    {
      mechanism: 'writing for ever to who does not read',
      script: (servers) => connect(servers.deaf) + writeForEver,
      expected: 'LIMIT_EXCEEDED',
    },
    {
      mechanism: 'writing without waiting',
      script: (servers) => `${connect(servers.deaf)} for (;;) socket.write('x'.repeat(100000));`,
      expected: 'RULE_CPU',
      limits: muchMemory,
    },
    {
      mechanism: 'being flooded',
      script: (servers) => `${connect(servers.flood)} socket.resume();`,
      expected: 'LIMIT_EXCEEDED',
    },
    {
      mechanism: 'a peer that resets',
      script: (servers) => `${connect(servers.resetting)} socket.write('x');`,
      expected: 'RULE_THREW',
    },
    {
      mechanism: 'a peer that says nothing',
      script: (servers) => connect(servers.deaf),
      expected: 'RULE_TIMEOUT',
      limits: littleTime,
    },
    {
      mechanism: 'a loop in the listener for its end',
      script: (servers) => `${connect(servers.sink)} global.kept = socket.on('close', function () { for (;;); });
      socket.on('error', function () {}); socket.on('connect', function () { callback(null, user, context) });`,
      expected: 'allow',
    },
    {
      mechanism: 'connecting again in the listener for its end',
      script: (
        servers,
      ) => `${connect(servers.sink)} global.kept = socket.on('close', function () { net.connect(${servers.sink}, '127.0.0.1') });
      socket.on('error', function () {}); socket.on('connect', function () { callback(null, user, context) });`,
      expected: 'allow',
    },
    {
      mechanism: 'a thousand sockets',
      script: ({ sink }) =>
        `var net = require('net'); for (var i = 0; i < 1000; i++) net.connect(${sink}, '127.0.0.1');`,
      expected: 'LIMIT_EXCEEDED',
      inspectServers({ accepted }, repeats) {
        const most = repeats * maxConnections
        return accepted > most ? `the server accepted ${accepted} connections; at most ${most} were right` : undefined
      },
    },
    {
      mechanism: 'being flooded without reading',
      script: ({ flood }) => `${connect(flood)} socket.pause(); setInterval(function () {}, 50);`,
      expected: 'RULE_TIMEOUT',
      limits: littleTime,
      inspectServers: ({ mostSent }) =>
        mostSent === 0 || mostSent > maxBufferedBytes ? `the server sent ${mostSent} bytes` : undefined,
    },
  ],
  { limits: enoughCpu, allow },
)

/** Goes through all hosts, and throws if one of them is reached. */
function writeReachingRule(use: string): string {
  const hosts = `127.0.0.1 127.1 0x7f.1 2130706433 0.0.0.0 0 ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 localhost ${hostname()}
    169.254.169.254 ::ffff:169.254.169.254 fd00:ec2::254 168.63.129.16 10.0.0.1 192.168.0.1 172.16.0.1 100.64.0.1 [::1]`
  return `var net = require('net'), hosts = ${JSON.stringify(hosts.split(/\s+/))}, left = hosts.length;
    hosts.forEach(function (host) {
      ${use}
        var refused = /NETWORK_REFUSED|ENOTFOUND|EAI_AGAIN|EINVAL/.test(error && error.code);
        if (!refused) throw new Error('reached ' + host + ': ' + (error && error.message));
        if (--left === 0) callback(null, user, context);
      });
    })`
}

const reaching: readonly ScriptCase[] = inRow(
  'SR-01',
  bothRealms,
  [
    {
      mechanism: 'connecting to every spelling of this machine, its network and the metadata of clouds',
      script: ({ sink }) =>
        writeReachingRule(`var socket = net.connect(${sink}, host);
      socket.on('connect', function () { throw new Error('reached ' + host) }); socket.on('error', function (error) {`),
      expected: 'allow',
      inspectServers: ({ accepted }) => (accepted > 0 ? 'a connection reached a server of this machine' : undefined),
    },
    {
      mechanism: 'asking the name server for every spelling of them',
      script: writeReachingRule(`require('dns').lookup(host, function (error) {`),
      expected: 'allow',
    },
  ],
  { limits: { ...enoughCpu, maxRequests: 50, maxConcurrentRequests: 50, maxPendingCalls: 50 } },
)

/** Sockets and name servers. */
export const socketCases: readonly ScriptCase[] = [...flooding, ...reaching]
