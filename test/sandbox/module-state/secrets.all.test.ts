import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { useServer } from '../http-server.ts'
import { useHardenedRealm } from './use-hardened-realm.ts'

const secret = 'the secret of Alice'
const requests: string[] = []

const server = useServer((request: IncomingMessage, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    requests.push(JSON.stringify([request.url, request.headers, body]))
    response.end('{}')
  })
})

/** By package, what a rule can set for itself and later code; `s` is the secret, and `listen` keeps it, too. */
const setters: Readonly<Record<string, readonly string[]>> = {
  _: [
    '_.templateSettings.imports.s = s',
    '_.templateSettings.interpolate = s',
    '_.mixin({ s: () => s })',
    '_.prototype.s = s',
    'Object.assign(_.map, { s })',
    '_.memoize.Cache = s',
    '_.memoize.Cache.prototype.s = s',
    '_.bind.placeholder = s',
    '_.each = () => s',
  ],
  async: ['async.s = s', 'async.each = s', 'async.setImmediate.s = s'],
  crypto: [
    'crypto.constants.s = s',
    "require('crypto').Hash.prototype.s = s",
    "Object.assign(crypto.createHash('md5').constructor.prototype, { s })",
    "Reflect.set(crypto.createHmac('md5', 'a').__proto__, 's', s)",
    "Reflect.defineProperty(crypto.Sign.prototype, 's', { value: s })",
    'crypto.getHashes().push(s)',
    'crypto.getCiphers().push(s)',
    'crypto.webcrypto.subtle.s = s',
    'crypto.KeyObject.s = s',
  ],
  diagnostics_channel: [
    "require('diagnostics_channel').channel('a').s = s",
    "require('diagnostics_channel').subscribe('a', listen)",
  ],
  dns: ["require('dns').setServers([s])", "require('dns').promises.s = s", "require('dns/promises').lookup.s = s"],
  events: [
    "require('events').defaultMaxListeners = 77",
    "require('events').prototype.s = s",
    "require('events').prototype._events = { s }",
    "require('events').init = listen",
    "require('events').once.s = s",
  ],
  http: [
    "require('http').globalAgent.options.headers = { s }",
    "require('http').globalAgent.on('free', listen)",
    "require('https').globalAgent.on('free', listen)",
    "require('http').globalAgent.sockets.s = s",
    "require('http').Agent.prototype.s = s",
    "require('http').ClientRequest.prototype.s = s",
    "require('http').METHODS.push(s)",
    "require('http').STATUS_CODES[200] = s",
    "require('http').request = listen",
  ],
  jsonwebtoken: [
    'jwt.s = s',
    "require('jsonwebtoken').JsonWebTokenError.prototype.s = s",
    "require('jsonwebtoken').sign.s = s",
  ],
  net: [
    "require('net').Socket.prototype.s = s",
    "require('net').Socket.s = s",
    "require('tls').rootCertificates.push(s)",
  ],
  os: ["require('os').constants.signals.s = s"],
  pg: [
    'pg.defaults.password = s',
    'pg.types.setTypeParser(20, () => s)',
    'pg.types.builtins.s = s',
    'pg.Client.prototype.s = s',
    "require('pg/lib/defaults').user = s",
    'pg.on && pg.on(s, listen)',
  ],
  postgres: ['postgres.s = s'],
  process: [
    'process.env.S = s',
    'process.title = s',
    'process.argv.push(s)',
    "process.on('exit', listen)",
    'process.stdout.s = s',
    'process.exitCode = s',
  ],
  q: [
    'q.reject(new Error(s))',
    'q.longStackSupport = true',
    'q.onerror = listen',
    'q.makePromise.prototype.s = s',
    'q.nextTick = listen',
    'q.s = s',
  ],
  querystring: ['querystring.unescape = () => s', 'querystring.s = s'],
  request: [
    'request.defaults({ headers: { s } })',
    'request.get.s = s',
    'request.Request.prototype.s = s',
    'request.Request.s = s',
    'request.get = listen',
  ],
  stream: [
    "require('stream').setDefaultHighWaterMark(false, 77)",
    "require('stream').Readable.prototype.s = s",
    "new (require('stream').PassThrough)()._readableState.buffer.__proto__.s = s",
  ],
  url: ["require('url').Url.prototype.s = s", 'URL.prototype.s = s'],
  util: [
    "require('util').inspect.styles.s = s",
    "require('util').inspect.colors.s = s",
    "require('util').inspect.defaultOptions = { s }",
    "require('util').debuglog('a').s = s",
    "require('util').types.s = s",
  ],
  uuid: ['uuid.v1.s = s', "require('uuid').s = s"],
  xmldom: [
    'xmldom.DOMParser.prototype.s = s',
    "new xmldom.DOMParser().parseFromString('<a/>').__proto__.s = s",
    'xmldom.MIME_TYPE.s = s',
  ],
  xpath: ["xpath.parse('a').__proto__.s = s", 'xpath.XPath.prototype.s = s', 'xpath.select.s = s'],
  xtend: ['xtend.s = s'],
  zlib: ["require('zlib').constants.s = s", "require('zlib').Gzip && (require('zlib').Gzip.prototype.s = s)"],
}

const statements = Object.values(setters).flat()
const names = Object.keys(setters).filter((name) => !['_', 'postgres'].includes(name))

const script = `function keeper(user, context, callback) {
  const s = user.secret, listen = Object.assign(() => s, { s });
  const unused = [];
  if (s) {
    ${statements.map((statement) => `try { ${statement} } catch (error) { unused.push(error.message) }`).join('\n')}
    for (let count = 0; count < 5; count++) { _.uniqueId(); uuid.v1(); uuid.v7 && uuid.v7(); }
  }
  const modules = [_, postgres, ${names.map((name) => `require(${JSON.stringify(name)})`).join(', ')},
    async, crypto, jwt, pg, process, q, querystring, request, uuid, xmldom, xpath, xtend, require('https'), require('tls')];
  const seen = new Set(), queue = [...modules, ...modules.map((one) => one.prototype), q.getUnhandledReasons(), pg.types.getTypeParser(20),
    require('util').debuglog('a'), require('diagnostics_channel').channel('a'), new pg.Client({}), crypto.getHashes(), crypto.getCiphers(), xpath.parse('a'),
    crypto.createHash('md5'), crypto.createHmac('md5', 'a'), new (require('stream').PassThrough)(), new xmldom.DOMParser().parseFromString('<a/>', 'text/xml')];
  const texts = [];
  while (queue.length > 0) {
    const value = queue.pop();
    if (typeof value === 'string') texts.push(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || value === user || value === global || value === globalThis || seen.has(value)) continue;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) { texts.push(String(key)); try { queue.push(value[key]) } catch (error) {} }
    queue.push(Object.getPrototypeOf(value));
    if (typeof value.eventNames === 'function') try { for (const event of value.eventNames()) queue.push(...value.listeners(event)) } catch (error) {}
  }
  const marks = texts.filter((text) => text.includes(${JSON.stringify(secret)})).length;
  const behaviour = {
    unique: _.uniqueId(), node: uuid.v1().slice(-17), listeners: require('events').defaultMaxListeners, bytes: new (require('stream').Readable)().readableHighWaterMark,
    parsed: String(pg.types.getTypeParser(20)('5')), password: pg.defaults.password, reasons: q.getUnhandledReasons(), text: _.template('<%= a %>')({ a: 1 }),
    env: process.env, agent: require('http').globalAgent.listenerCount('free'), inspect: require('util').inspect({ a: 1 }), query: querystring.parse('a=b'),
  };
  delete user.secret;
  Object.assign(user, { marks, places: seen.size, behaviour, refused: unused.length });
  const base = user.base;
  request.get({ url: base + '/request' }, () => {
    require('http').get(base + '/http', (response) => {
      response.resume();
      fetch(base + '/fetch').then(() => callback(null, user, context), callback);
    }).on('error', callback);
  });
}`

const realm = useHardenedRealm(script, {
  network: { allow: ['127.0.0.1'] },
  limits: { cpuPerRuleMs: 20_000, cpuPerLoginMs: 20_000, wallPerRuleMs: 40_000, wallPerLoginMs: 60_000 },
})

test(
  'what a login puts into the settings of our modules is in no later login, nor in its requests',
  { timeout: 120_000 },
  async () => {
    const first = await realm.run({ secret, base: server.url })
    const own = requests.length
    const second = await realm.run({ base: server.url })
    for (const { outcome } of [first, second]) expect([outcome.outcome, outcome.reason]).toEqual(['allow', undefined])
    const [before, after] = [first.outcome.user, second.outcome.user]
    // The first login did have it, and can see what it has.
    expect(before['marks']).toBeGreaterThan(5)
    expect(before).toMatchObject({
      behaviour: { unique: '6', listeners: 77, bytes: 77, parsed: secret, password: secret },
    })
    expect(after).toMatchObject({
      marks: 0,
      behaviour: { unique: '1', listeners: 10, parsed: '5', password: null, reasons: [], text: '1', env: {}, agent: 0 },
    })
    expect((after['behaviour'] as Record<string, unknown>)['bytes']).not.toBe(77)
    expect((after['behaviour'] as Record<string, unknown>)['node']).not.toBe(
      (before['behaviour'] as Record<string, unknown>)['node'],
    )
    expect(JSON.stringify(second)).not.toContain(secret)
    expect(requests.slice(own)).toHaveLength(3)
    expect(requests.slice(own).join()).not.toContain(secret)
  },
)
