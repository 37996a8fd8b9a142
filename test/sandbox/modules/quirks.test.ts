import { beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { useEngine } from '../../engine/use-engine.ts'
import { useServer } from '../http-server.ts'

const server = useServer((_, response) => response.end('{"plan":"pro"}'))
const { engine, run } = useEngine({
  network: { allow: ['127.0.0.1'] },
  limits: { cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 },
})

beforeAll(() => run(`function (user, context, callback) { callback(); }`), 120_000)

/** What real rules look like, and what each comes to; `URL_OF_SERVER` stands for where a server listens. */
const quirks: Readonly<Record<string, readonly [script: string, expected: Partial<Outcome>]>> = {
  'a function without a name': [
    `function (user, context, callback) { user.a = 1; callback(null, user, context); }`,
    { user: { a: 1 } },
  ],
  'code after a comment': [
    `/**\n * @title A rule\n * @overview function (x) { }\n */\n// and more\nfunction rule(user, context, callback) { user.a = 1; callback(null, user, context); }`,
    { user: { a: 1 } },
  ],
  'async, ended by its callback': [
    `async function (user, context, callback) { user.a = await Promise.resolve(1); return callback(null, user, context); }`,
    { user: { a: 1 } },
  ],
  'an error with user and context beside it': [
    `function (user, context, callback) { user.a = 1; callback(new Error('no'), user, context); }`,
    { outcome: 'deny', reason: 'no' },
  ],
  'a throw': [`function (user, context, callback) { throw new Error('broken'); }`, { outcome: 'error' }],
  'a refusal that is thrown': [
    `function (user, context, callback) { throw new UnauthorizedError('no entry'); }`,
    { outcome: 'deny', reason: 'no entry' },
  ],
  'a context made by an expression': [
    `function (user, context, callback) { callback(null, user, Object.assign({}, context, { idToken: { 'https://a/b': 1 } })); }`,
    { claims: { idToken: { 'https://a/b': 1 }, accessToken: {} } },
  ],
  'new Buffer': [
    `function (user, context, callback) { user.a = new Buffer('é', 'utf8').toString('base64') + new Buffer('w6k=', 'base64'); callback(null, user, context); }`,
    { user: { a: 'w6k=é' } },
  ],
  'an error that is a text': [
    `function (user, context, callback) { callback('not today'); }`,
    { outcome: 'deny', reason: 'not today' },
  ],
  'two arguments': [`function (user, context, callback) { user.a = 1; callback(null, user); }`, { user: { a: 1 } }],
  'no arguments': [`function (user, context, callback) { user.a = 1; callback(); }`, { user: { a: 1 } }],
  'null alone': [`function (user, context, callback) { user.a = 1; callback(null); }`, { user: { a: 1 } }],
  'a user of its own': [
    `function (user, context, callback) { callback(null, { user_id: 'x', a: 1 }, context); }`,
    { user: { user_id: 'x', a: 1 } },
  ],
  'a semicolon at the end': [
    `function (user, context, callback) { user.a = 1; callback(null, user, context); };`,
    { user: { a: 1 } },
  ],
  'module.exports': [
    `module.exports = function (user, context, callback) { user.a = 1; callback(null, user, context); };`,
    { user: { a: 1 } },
  ],
  'several functions': [
    `function (user, context, callback) { function one() { return two() - 1; } function two() { return 2; } user.a = one(); callback(null, user, context); }`,
    { user: { a: 1 } },
  ],
  'the version of Node': [
    `function (user, context, callback) { user.a = process.version[0] + typeof process.hrtime()[1] + (process.env.PATH === undefined); callback(null, user, context); }`,
    { user: { a: 'vnumbertrue' } },
  ],
  'two calls of the callback': [
    `function (user, context, callback) { callback(null, Object.assign(user, { a: 1 }), context); callback(new Error('late')); }`,
    { outcome: 'allow', user: { a: 1 } },
  ],
  'a throw after an answer came': [
    `function (user, context, callback) { request('URL_OF_SERVER', function (error, response, body) { JSON.parse(body).plan.of.what; }); }`,
    { outcome: 'error' },
  ],
  'a rejection before the callback': [
    `async function (user, context, callback) { await Promise.reject(new Error('no')); callback(null, user, context); }`,
    { outcome: 'error' },
  ],
  'a path without a callback': [
    `function (user, context, callback) { if (user.nobody) callback(null, user, context); }`,
    { outcome: 'error' },
  ],
  'one object at two places': [
    `function (user, context, callback) { user.a = context.shared = { n: 1 }; user.a.n++; callback(null, user, context); }`,
    { user: { a: { n: 2 } } },
  ],
  'a copy of configuration': [
    `function (user, context, callback) { user.a = Object.keys(JSON.parse(JSON.stringify(configuration))).length; callback(null, user, context); }`,
    { user: { a: 0 } },
  ],
  'an error class for a wrong password': [
    `function (user, context, callback) { callback(new WrongUsernameOrPasswordError('auth0|1', 'wrong')); }`,
    { outcome: 'deny', reason: 'wrong' },
  ],
  'fields of the error classes': [
    `function (user, context, callback) {
      var u = new UnauthorizedError('m'), v = new ValidationError('c', 'm'), w = new WrongUsernameOrPasswordError('id', 'm');
      user.a = [u.name, u.code, u.description, u.statusCode, v.name, v.code, v.message, w.name, w.user_id, w.message, u instanceof Error, w.statusCode];
      callback(null, user, context);
    }`,
    {
      user: {
        a: [
          'UnauthorizedError',
          'unauthorized',
          'm',
          401,
          'ValidationError',
          'c',
          'm',
          'WrongUsernameOrPasswordError',
          'id',
          'm',
          true,
          401,
        ],
      },
    },
  ],
  'ip ranges': [
    `function (user, context, callback) { user.a = [ip('10.1.2.3').in_range(['192.168.0.0/16', '10.0.0.0/8']), ip('8.8.8.8').in_range('8.8.4.4'), ip('::1').in_range('10.0.0.0/8')]; callback(null, user, context); }`,
    { user: { a: [true, false, false] } },
  ],
  'q, as promises were before there were any': [
    `function (user, context, callback) { q.nfcall(request, 'URL_OF_SERVER').then(function (r) { user.a = JSON.parse(r[1]).plan; callback(null, user, context); }, callback); }`,
    { user: { a: 'pro' } },
  ],
  'async.waterfall': [
    `function (user, context, callback) { async.waterfall([function (next) { request({ url: 'URL_OF_SERVER', json: true }, next); }, function (r, body, next) { next(null, body.plan); }], function (error, plan) { user.a = plan; callback(error, user, context); }); }`,
    { user: { a: 'pro' } },
  ],
  'JSON Web Tokens with minutes, and ciphers with keys as texts': [
    `function (user, context, callback) {
      var cipher = crypto.createCipheriv('aes-128-cbc', '0123456789abcdef', 'fedcba9876543210');
      user.a = [jwt.verify(jwt.sign({ a: 1 }, 's', { expiresInMinutes: 5 }), 's').a, cipher.update('a', 'utf8', 'hex') + cipher.final('hex')];
      callback(null, user, context);
    }`,
    { user: { a: [1, '30aef88f86574fe3493174858fa4e2d5'] } },
  ],
}

describe('rules as they were really written', { timeout: 60_000 }, () => {
  test.each(Object.entries(quirks))('%s', async (_, [script, expected]) => {
    const { outcome = 'allow', ...rest } = expected
    expect(await run(script.replaceAll('URL_OF_SERVER', server.url))).toMatchObject({ outcome, ...rest })
  })

  test('a user without anything, and a context left out', async () => {
    const script = `function (user, context, callback) { user.a = typeof context.request; callback(null, user, context); }`
    await engine.replace([{ name: 'bare', script }])
    expect((await engine.run({ user: {} })).user).toEqual({ a: 'undefined' })
  })

  test('a Date in the user is one for the rules', async () => {
    const script = `function (user, context, callback) { user.a = user.created_at.getUTCFullYear(); callback(null, user, context); }`
    const { user } = await run(script, { user: { created_at: new Date('2026-01-01') } })
    expect(user['a']).toBe(2026)
  })
})

describe('global', { timeout: 60_000 }, () => {
  const shared = useEngine({ network: { allow: ['127.0.0.1'] }, limits: { cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 } })
  const helper = `function (user, context, callback) {
    global.helpers = global.helpers || { made: 0, double: function (n) { return n * 2; }, get: function (url, done) { request(url, done); } };
    var made = 0;
    global.count = global.count || function () { return ++made; };
    if (!global.Client) {
      global.Client = class Client { constructor(url) { this.url = url; } fetch() { return fetch(this.url).then(function (r) { return r.json(); }); } };
      global.client = new global.Client('URL_OF_SERVER');
    }
    callback(null, user, context);
  }`
  const caller = `async function (user, context, callback) {
    user.a = [global.helpers.double(2), global.count(), global.client instanceof global.Client, (await global.client.fetch()).plan];
    global.helpers.get('URL_OF_SERVER', function (error, response, body) { user.a.push(JSON.parse(body).plan); callback(error, user, context); });
  }`

  test('one rule leaves functions, instances and closures there, and the next ones call them, from login to login', async () => {
    const scripts = [helper, caller].map((script) => script.replaceAll('URL_OF_SERVER', server.url))
    const first = await shared.run(scripts)
    const second = await shared.engine.run({ user: {} })
    expect([first.reason, second.reason]).toEqual([undefined, undefined])
    expect([first.user['a'], second.user['a']]).toEqual([
      [4, 1, true, 'pro', 'pro'],
      [4, 2, true, 'pro', 'pro'],
    ])
  })
})
