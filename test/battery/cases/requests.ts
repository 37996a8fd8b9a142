import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { enoughCpu } from './limits.ts'
import { bothRealms } from './variants.ts'

const allow = ['127.0.0.1', 'localhost']
const limits = { ...enoughCpu, requestTimeoutMs: 700, wallPerRuleMs: 9_000, wallPerLoginMs: 15_000 }
const common = { allow, limits, expected: 'allow' }

/** Makes a request, and throws if it does not end with this code. */
const expectCode = (url: string, code: string, options = '{}'): string =>
  `fetch(${url}, ${options}).then(function (r) { return r.text() }).then(function () { return 'an answer' }, function (e) { return e.code || e.message })
    .then(function (code) { if (code !== '${code}') throw new Error(code); callback(null, user, context); });`

const bombs = ['gzip', 'gzip-twice', 'brotli'].map((path) => ({
  mechanism: `a body that is ${path}: LIMIT_EXCEEDED after a megabyte`,
  script: ({ http }: { http: number }) => expectCode(`'http://127.0.0.1:${http}/${path}'`, 'LIMIT_EXCEEDED'),
}))
const badFaith = [
  ['endless', 'LIMIT_EXCEEDED'],
  ['drip', 'ETIMEDOUT'],
  ['slow-header', 'fetch failed'],
  ['big-header', 'UND_ERR_HEADERS_OVERFLOW'],
  ['smuggle', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
].map(([path = '', code = '']) => ({
  mechanism: `an answer that is ${path}: ${code}`,
  script: ({ raw }: { raw: number }) => expectCode(`'http://127.0.0.1:${raw}/${path}'`, code),
}))
const redirects = [
  ['to-metadata', 'NETWORK_REFUSED'],
  ['to-private', 'NETWORK_REFUSED'],
  ['to-file', 'NETWORK_REFUSED'],
  ['loop', 'LIMIT_EXCEEDED'],
].map(([path = '', code = '']) => ({
  mechanism: `a redirect ${path.replace('-', ' ')}: ${code}`,
  script: ({ http }: { http: number }) => expectCode(`'http://127.0.0.1:${http}/${path}'`, code),
}))

const spellings = `127.0.0.1 127.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0 127.0.0.1. ①②⑦.⓪.⓪.① [::1] [::]
  [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] localhost LOCALHOST 169.254.169.254 [fd00:ec2::254] 168.63.129.16 10.0.0.1
  192.168.0.1 172.16.0.1 100.64.0.1 [64:ff9b::7f00:1] [2002:7f00:1::1] [fe80::1]`

const badUrls = [
  `'http://8.8.8.8:22/'`,
  `'http://8.8.8.8:25/'`,
  `'http://8.8.8.8:6379/'`,
  `'http://user@8.8.8.8/'`,
  `'ftp://8.8.8.8/'`,
  `'file:///etc/passwd'`,
  `'data:text/plain,x'`,
  `'unix:/var/run/docker.sock'`,
]
const hostileHeaders = `{ Host: 'evil', Connection: 'upgrade', 'Proxy-Authorization': 'x', TE: 'trailers', 'Transfer-Encoding': 'chunked', 'Content-Length': '999', Expect: '100-continue', Upgrade: 'h2c', Via: 'x' }`
const forbiddenOnTheWire = ['proxy-authorization', 'te', 'transfer-encoding', 'expect', 'upgrade', 'via']

/** Requests: what answers them, where they lead, and what they carry. */
export const requestCases: readonly ScriptCase[] = [
  ...inRow(
    'RX-13',
    bothRealms,
    [...bombs, ...badFaith].map((one) => ({ ...common, ...one })),
  ),
  ...inRow('RX-12', bothRealms, [
    {
      ...common,
      mechanism: 'requests in a loop: LIMIT_EXCEEDED after ten',
      script: ({ http }) => `(async function () { var codes = [];
        for (var i = 0; i < 15; i++) codes.push(await fetch('http://127.0.0.1:${http}/').then(function (r) { return r.text() }, function (e) { return e.code }));
        if (codes.filter(function (c) { return c === 'ok' }).length !== 10 || codes[14] !== 'LIMIT_EXCEEDED') throw new Error(codes.join());
        callback(null, user, context) })().catch(function (e) { setTimeout(function () { throw e }) });`,
    },
    {
      ...common,
      mechanism: 'ten thousand requests at once',
      script: ({ http }) =>
        `for (var i = 0; i < 1e4; i++) fetch('http://127.0.0.1:${http}/').catch(function () {}); setTimeout(callback, 200, null, user, context);`,
      inspectServers: ({ served }, repeats) => (served > repeats * 10 ? `${served} requests arrived` : undefined),
    },
  ]),
  ...inRow('SR-01', bothRealms, [
    {
      ...common,
      allow: [],
      limits: { ...limits, maxRequests: 50, maxConcurrentRequests: 50, maxPendingCalls: 50 },
      mechanism: 'a request to every spelling of this machine, its network and the metadata of clouds',
      script: ({ http }) => `var hosts = ${JSON.stringify(spellings.split(/\s+/))}, left = hosts.length;
        hosts.forEach(function (host) { fetch('http://' + host + ':${http}/').then(function () { return 'reached' }, function (e) { return e.code })
          .then(function (code) { if (!/NETWORK_REFUSED|ENOTFOUND|EAI_AGAIN/.test(code)) throw new Error(host + ': ' + code); if (--left === 0) callback(null, user, context); }); });`,
      inspectServers: ({ served }) => (served > 0 ? `${served} requests arrived` : undefined),
    },
  ]),
  ...inRow('SR-03', bothRealms, [
    ...redirects.map((one) => ({ ...common, ...one })),
    {
      ...common,
      mechanism: 'a redirect to another origin, with Authorization and Cookie',
      script: ({
        http,
      }) => `fetch('http://127.0.0.1:${http}/to-other-host', { headers: { Authorization: 'Bearer secret', Cookie: 'a=b' } })
        .then(function (r) { return r.text() }).then(function (text) { if (/secret|a=b/.test(text)) throw new Error(text); callback(null, user, context) });`,
    },
  ]),
  ...inRow('SR-04', bothRealms, [
    ...badUrls.map((url) => ({
      ...common,
      mechanism: `${url}: NETWORK_REFUSED`,
      script: expectCode(url, 'NETWORK_REFUSED'),
    })),
    {
      ...common,
      mechanism: 'line breaks in URL, method and header, and CONNECT',
      script: ({
        http,
      }) => `var base = 'http://127.0.0.1:${http}/', tried = [[base, { method: 'GET /x HTTP/1.1\\r\\nHost: y\\r\\n\\r\\n' }], [base, { method: 'CONNECT' }],
          [base, { headers: { a: 'x\\r\\nb: y' } }], [base, { headers: { 'a b': 'x' } }]], left = tried.length;
        tried.forEach(function (input) { fetch(input[0], input[1]).then(function () { throw new Error('sent') }, function (e) { if (!(e instanceof TypeError)) throw e; if (--left === 0) callback(null, user, context) }) });`,
      inspectServers: ({ served }) => (served > 0 ? `${served} requests arrived` : undefined),
    },
    {
      ...common,
      mechanism: 'headers that frame a message or name the next hop',
      script: ({
        http,
      }) => `fetch('http://127.0.0.1:${http}/headers', { headers: ${hostileHeaders} }).then(function (r) { return r.json() }).then(function (raw) {
          var names = raw.map(String).filter(function (_, i) { return i % 2 === 0 }).map(function (n) { return n.toLowerCase() });
          var sent = ${JSON.stringify(forbiddenOnTheWire)}.filter(function (name) { return names.includes(name) });
          if (sent.length > 0 || raw.includes('evil') || raw.includes('999')) throw new Error('sent ' + raw.join());
          callback(null, user, context) });`,
    },
  ]),
]
