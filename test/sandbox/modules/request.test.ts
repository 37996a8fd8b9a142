import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { deflateSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/use-engine.ts'
import { useServer } from '../http-server.ts'
import { cases, tell } from './request-cases.ts'

/** Everything that a call's answer is compared by. */
interface Told {
  readonly error?: { readonly code?: string; readonly message?: string; readonly connect?: boolean }
  readonly status?: number
  readonly body?: unknown
  readonly same?: boolean
  readonly headers?: unknown
}

const compared = ['content-type', 'accept', 'authorization', 'accept-encoding', 'content-length', 'referer', 'x-own']

/** Each an answer, by the first part of the path; all others tell what was asked. */
const answers: Readonly<Record<string, (response: ServerResponse, told: string, rest: readonly string[]) => void>> = {
  redirect: (response, _, [status, ...rest]) =>
    response.writeHead(Number(status), { location: `/${rest.join('/')}` }).end('moved'),
  status: (response, told, [status]) => response.writeHead(Number(status), { 'x-own': ['a', 'b'] }).end(told),
  gzip: (response, told) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(told)),
  deflate: (response, told) => response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(told)),
  bytes: (response) => response.end(Buffer.from([0, 255, 128, 10])),
  text: (response) => response.end('{ no json'),
  none: (response) => response.writeHead(204).end(),
  cookies: (response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'x-own': 'c' }).end('ok'),
  private: (response, told) =>
    response.req.headers.authorization === undefined
      ? response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('who?')
      : response.end(told),
  cut: (response) => response.req.socket.destroy(),
  never: () => undefined,
  x: (response, told) => response.end(told),
}

const server = useServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method, url = '', headers } = request
    const [kind = '', ...rest] = url.slice(1).split('?')[0]?.split('/') ?? []
    const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '\0'
    // A body of no bytes may be said, or not.
    const seen = Object.fromEntries(compared.map((name) => [name, headers[name] === '0' ? undefined : headers[name]]))
    const told = { method, url, headers: seen, body: Buffer.concat(chunks).toString() }
    const text = JSON.stringify(told).replaceAll(boundary, 'BOUNDARY')
    const answer = answers[kind] ?? answers['x']
    answer?.(response, text, rest)
  })
})

const { engine, run } = useEngine({ network: { allow: ['127.0.0.1'] } })
const script = `function (user, context, callback) {
  var tell = ${tell};
  var cases = { ${Object.entries(cases)
    .map(([name, body]) => `${JSON.stringify(name)}: function (base, dead, done) { ${body} }`)
    .join(',\n')} };
  function done(error, response, body) { user.told = tell(error, response, body); callback(null, user, context); }
  try { cases[user.name](user.base, user.dead, done); } catch (error) { done(error); }
}`

// The first login waits for a worker, and for the bundle of its modules.
beforeAll(() => run(script, { user: { name: 'no url' } }), 120_000)

const oracle: unknown = createRequire(import.meta.url)('postman-request')

function ask(body: string, base: string, dead: string): Promise<Told> {
  return new Promise((resolve) => {
    // oxlint-disable-next-line typescript/no-implied-eval -- the same text runs here, with the oracle, and in the sandbox
    const call = new Function('request', 'tell', 'base', 'dead', 'done', body) as (...args: unknown[]) => void
    // oxlint-disable-next-line typescript/no-implied-eval
    const telling = new Function(`return (${tell})`)() as (...args: unknown[]) => Told
    const done = (...args: unknown[]): void => resolve(telling(...args))
    try {
      call(oracle, telling, base, dead, done)
    } catch (error) {
      done(error)
    }
  })
}

/** A port that nobody listens on. */
async function deadUrl(): Promise<string> {
  const unused = createServer()
  await once(unused.listen(0, '127.0.0.1'), 'listening')
  const { port } = unused.address() as { readonly port: number }
  unused.close()
  return `http://127.0.0.1:${port}`
}

describe('request answers as the package of that name does', () => {
  test.each(Object.entries(cases))('%s', async (name, body) => {
    const dead = await deadUrl()
    const expected = await ask(body, server.url, dead)
    const { outcome, reason, user } = await run(script, { user: { name, base: server.url, dead } })
    expect([outcome, reason]).toEqual(['allow', undefined])
    expect(user['told']).toEqual(JSON.parse(JSON.stringify(expected)))
  })
})

describe('request', () => {
  const body = (text: string): string => `function (user, context, callback) { ${text} }`

  test('fails the rule when its callback throws, and not the process', async () => {
    const { error } = await run(body(`request('${server.url}/x', function () { null.x })`))
    expect(error).toMatchObject({ code: 'RULE_THREW' })
  })

  test('expands what came deflated', async () => {
    const { user } = await run(
      body(
        `request({ url: '${server.url}/deflate', gzip: true, json: true }, function (e, r, b) { user.method = b.method; callback(null, user) })`,
      ),
    )
    expect(user).toMatchObject({ method: 'GET' })
  })

  test('is refused private addresses, each redirect again', async () => {
    const { user } = await run(
      body(`request('http://10.0.0.1/', function (error) { user.code = error.code; callback(null, user, context) })`),
    )
    expect(user).toMatchObject({ code: 'NETWORK_REFUSED' })
  })

  test('is a line of the trace for every hop', async () => {
    const { rules } = await run(
      body(`request('${server.url}/redirect/302/x', function () { callback(null, user, context) })`),
    )
    expect(rules[0]?.requests.map(({ status }) => status)).toEqual([302, 200])
  })

  test('gives an error for what it cannot do', async () => {
    const { user } = await run(
      body(
        `try { request({ url: '${server.url}', oauth: {} }) } catch (e) { user.e = e.message } callback(null, user)`,
      ),
    )
    expect(user['e']).toContain('the option oauth is not supported in rules')
  })

  test('comes as promises under the names of request-promise', async () => {
    const { user } = await run(`async function (user, context, callback) {
      const rp = require('request-promise');
      user.body = (await rp({ uri: '${server.url}/x', json: true })).method;
      user.full = (await require('request-promise-native')({ uri: '${server.url}/x', resolveWithFullResponse: true })).statusCode;
      await rp('${server.url}/status/500').catch((error) => { user.failed = [error.name, error.statusCode]; });
      await rp.get('http://10.0.0.1/').catch((error) => { user.refused = [error.name, error.cause.code]; });
      callback(null, user, context);
    }`)
    expect(user).toMatchObject({
      body: 'GET',
      full: 200,
      failed: ['StatusCodeError', 500],
      refused: ['RequestError', 'NETWORK_REFUSED'],
    })
  })

  test('gives none of its answers to another login', async () => {
    const hash = (text: string): string => createHash('sha1').update(text).digest('hex')
    await engine.replace([
      {
        name: 'own',
        script: body(
          `request('${server.url}/' + user.name, function (e, r, b) { user.url = JSON.parse(b).url; callback(null, user) })`,
        ),
      },
    ])
    const names = ['ada', 'bob', 'cyd'].map(hash)
    const outcomes = await Promise.all(names.map((name) => engine.run({ user: { name } })))
    expect(outcomes.map(({ reason, user }) => reason ?? user['url'])).toEqual(names.map((name) => `/${name}`))
  })
})
