import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { useEngine } from '../engine/use-engine.ts'
import { useServer, useTcpServer } from './http-server.ts'

const bomb = gzipSync(Buffer.alloc(50_000_000))
const answers: Readonly<Record<string, () => readonly [headers: Record<string, string>, body: Buffer]>> = {
  '/just-right': () => [{}, Buffer.alloc(10_000, 'x')],
  '/too-large': () => [{}, Buffer.alloc(10_001, 'x')],
  '/gzip': () => [{ 'content-encoding': 'gzip' }, bomb],
  '/gzip-twice': () => [{ 'content-encoding': 'gzip, gzip' }, gzipSync(bomb)],
  '/brotli': () => [{ 'content-encoding': 'br' }, brotliCompressSync(Buffer.alloc(5_000_000))],
  '/no-gzip': () => [{ 'content-encoding': 'gzip' }, Buffer.from('this is not gzip')],
}
let served = 0
const server = useServer((request, response) => {
  served++
  const [headers, body] = answers[request.url ?? '']?.() ?? [{}, Buffer.from('small')]
  response.writeHead(200, headers).end(body)
})
let open = 0
const raw = useTcpServer((socket) => {
  open++
  socket.on('close', () => open--)
  socket.once('data', (data) => {
    const path = data.toString('latin1').split(' ')[1] ?? ''
    speak(path, (text) => socket.writable && socket.write(text))
  })
})
const { run } = useEngine({
  network: { allow: ['127.0.0.1'] },
  limits: {
    maxResponseBytes: 10_000,
    maxResponseBytesPerLogin: 25_000,
    requestTimeoutMs: 400,
    maxRequests: 5,
    maxConcurrentRequests: 3,
    // What the client does with an answer is not the rule's CPU, but it is its time.
    wallPerRuleMs: 5_000,
  },
})

/** Says what no server of good faith would say; the socket goes when the client hangs up. */
function speak(path: string, write: (text: string) => void): void {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  if (path === '/endless') {
    write(chunked)
    setInterval(() => write('3e8\r\n' + 'x'.repeat(1_000) + '\r\n'), 1).unref()
  }
  if (path === '/drip') {
    write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n')
    setInterval(() => write('x'), 50).unref()
  }
  if (path === '/slow-header') setInterval(() => write('H'), 50).unref()
  if (path === '/big-header') write(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(1_000_000)}\r\n\r\n`)
  if (path === '/garbage') write('SSH-2.0-OpenSSH\r\n\r\n')
  if (path === '/smuggle') write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx')
}

async function value(expression: string): Promise<unknown> {
  const { user, reason } = await run(`async function (user, context, callback) {
    const base = '${server.url}', raw = '${raw.url}';
    const codeOf = (promise) => promise.then((r) => r.status, (e) => e.code || e.message);
    user.value = await (async () => ${expression})();
    callback(null, user, context);
  }`)
  return reason ?? user['value']
}

test('an answer may be as large as the limit says, and not larger', async () => {
  expect(await value(`(await (await fetch(base + '/just-right')).text()).length`)).toBe(10_000)
  expect(await value(`codeOf(fetch(base + '/too-large'))`)).toBe('LIMIT_EXCEEDED')
})

test.each(['/gzip', '/gzip-twice', '/brotli'])('%s: what counts is the size after decoding', async (path) => {
  expect(await value(`codeOf(fetch(base + '${path}'))`)).toBe('LIMIT_EXCEEDED')
})

test('an answer that does not decode is an error of the network', async () => {
  expect(await value(`codeOf(fetch(base + '/no-gzip'))`)).toBe('Z_DATA_ERROR')
})

test.each([
  ['/endless', 'LIMIT_EXCEEDED'],
  ['/drip', 'ETIMEDOUT'],
  ['/slow-header', 'fetch failed'],
  ['/big-header', 'UND_ERR_HEADERS_OVERFLOW'],
  ['/garbage', 'fetch failed'],
  ['/smuggle', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
])('%s: the request ends, and its connection is closed', async (path, code) => {
  expect(await value(`codeOf(fetch(raw + '${path}'))`)).toBe(code)
  await expect.poll(() => open).toBe(0)
})

test('all answers of a login together have a limit too', async () => {
  const expression = `{ const r = []; for (let i = 0; i < 3; i++) r.push(await codeOf(fetch(base + '/just-right'))); return r }`
  expect(await value(expression)).toEqual([200, 200, 'LIMIT_EXCEEDED'])
})

test('a login may make so many requests, and so many at once', async () => {
  served = 0
  const inTurn = `{ const r = []; for (let i = 0; i < 7; i++) r.push(await codeOf(fetch(base))); return r }`
  expect(await value(inTurn)).toEqual([200, 200, 200, 200, 200, 'LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'])
  const atOnce = `Promise.all(Array.from({ length: 5 }, () => codeOf(fetch(base))))`
  expect(await value(atOnce)).toEqual([200, 200, 200, 'LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'])
  expect(served).toBe(8)
})

test('what a rule sends is limited before it leaves the rule', async () => {
  const send = (bytes: number): string => `codeOf(fetch(base, { method: 'POST', body: 'x'.repeat(${bytes}) }))`
  expect(await value(send(9_000))).toBe(200)
  expect(await value(send(40_000))).toBe('LIMIT_EXCEEDED')
  expect(await value(`codeOf(fetch(base + '/' + 'x'.repeat(40_000)))`)).toBe('LIMIT_EXCEEDED')
})

test('the trace names every request, with what became of it', async () => {
  const script = `async function (user, context, callback) {
    await fetch('${server.url}/a'); await fetch('http://10.0.0.1/b').catch(() => 0);
    await fetch('${server.url}/' + 'c'.repeat(3000)); callback(null, user, context) }`
  const { rules } = await run(script)
  const { requests = [] } = rules[0] ?? {}
  expect(requests).toMatchObject([
    { method: 'GET', url: `${server.url}/a`, status: 200 },
    { method: 'GET', url: 'http://10.0.0.1/b', error: expect.stringContaining('private') as string },
    { method: 'GET', status: 200 },
  ])
  expect(requests[2]?.url.length).toBe(2_048)
})

test('a request that is under way when its rule times out is given up', async () => {
  const limits = { wallPerRuleMs: 100, wallPerLoginMs: 200, requestTimeoutMs: 60_000, maxResponseBytes: 1_000_000 }
  const script = `async (user, context, callback) => { await fetch(user.url); callback(null, user, context) }`
  const brief = createEngine({ rules: [{ name: 'drip', script }], network: { allow: ['127.0.0.1'] }, limits })
  const outcome = await brief.run({ user: { url: `${raw.url}/drip` } })
  expect(outcome.error?.code).toBe('RULE_TIMEOUT')
  await expect.poll(() => open).toBe(0)
  await brief.close()
})

test('what the worker loads for its first request is no CPU of the rule that makes it', async () => {
  const script = `async (user, context, callback) => { await fetch(user.url); callback(null, user, context) }`
  const options = { rules: [{ name: 'first', script }], network: { allow: ['127.0.0.1'] } }
  const fresh = createEngine({ ...options, limits: { cpuPerRuleMs: 30, cpuPerLoginMs: 30 } })
  expect(await fresh.run({ user: { url: `${server.url}/small` } })).toMatchObject({ outcome: 'allow' })
  await fresh.close()
})
