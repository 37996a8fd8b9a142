import { beforeEach, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'

const seen: { method: string; url: string; type: string | null; body: string }[] = []
let answer: (request: Request) => Response | Promise<Response>

beforeEach(() => {
  seen.length = 0
  answer = () => Response.json({ score: 7 })
})

const { run } = useEngine({
  network: {
    async fetch(request) {
      const { method, url, headers } = request
      seen.push({ method, url, type: headers.get('content-type'), body: await request.clone().text() })
      return answer(request)
    },
  },
})

test.each([
  [
    'fetch',
    `fetch('https://risk.example/score', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' })
      .then((response) => response.json()).then((body) => { user.score = body.score; callback(null, user, context); });`,
  ],
  [
    'request',
    `request.post({ url: 'https://risk.example/score', json: { a: 1 } }, (error, response, body) => {
      user.score = body.score; callback(error, user, context); });`,
  ],
  [
    'https',
    `const call = require('https').request('https://risk.example/score', { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      let text = ''; response.on('data', (part) => { text += part; });
      response.on('end', () => { user.score = JSON.parse(text).score; callback(null, user, context); });
    });
    call.end('{"a":1}');`,
  ],
])('the embedder answers what %s asks for', async (_how, body) => {
  const { reason, user, rules } = await run(rule(body))
  expect([reason, user['score']]).toEqual([undefined, 7])
  expect(seen).toEqual([
    { method: 'POST', url: 'https://risk.example/score', type: 'application/json', body: '{"a":1}' },
  ])
  expect(rules[0]?.requests).toMatchObject([{ method: 'POST', url: 'https://risk.example/score', status: 200 }])
})

test('redirects are followed through the embedder', async () => {
  answer = ({ url }) => (url.endsWith('/old') ? Response.redirect('https://b.example/new', 302) : new Response('there'))
  const { user } = await run(`async function (user, context, callback) {
    user.text = await (await fetch('https://a.example/old')).text();
    callback(null, user, context); }`)
  expect([user['text'], seen.map(({ url }) => url)]).toEqual([
    'there',
    ['https://a.example/old', 'https://b.example/new'],
  ])
})

test.each([
  [
    'what it throws is a connection that failed, code and all',
    () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })),
    'ECONNREFUSED',
  ],
  ['bytes are counted', () => new Response('x'.repeat(1_100_000)), 'LIMIT_EXCEEDED'],
])('%s', async (_what, answers, code) => {
  answer = answers
  const { user } = await run(
    rule(`request('http://10.0.0.1/', (error) => { user.code = error.code; callback(null, user, context); })`),
  )
  expect(user['code']).toBe(code)
})

test.each([
  [undefined, 'undefined'],
  ['text', 'a string'],
  [{ status: 200 }, 'another kind of object'],
])('the answer %o is the fault of the embedder, and the rule is told so', async (wrong, what) => {
  answer = () => wrong as never
  const { error } = await run(`async function (user, context, callback) {
    await fetch('https://a.example/'); callback(null, user, context); }`)
  expect(error?.message).toContain(`network.fetch must resolve to a Response; it resolved to ${what}`)
})

test('a rule waits no longer than its request may take', async () => {
  answer = () => new Promise(() => undefined)
  const { user } = await run(
    rule(
      `request({ url: 'https://slow.example/', timeout: 50 }, (error) => { user.code = error.code; callback(null, user, context); })`,
    ),
  )
  expect(user['code']).toMatch(/TIMEDOUT/)
})

test.each([
  ['request', `request.post({ url: 'https://audit.example/', json: { id: user.user_id } });`],
  [
    'https',
    `require('https').request('https://audit.example/', { method: 'POST' }).end(JSON.stringify({ id: user.user_id }));`,
  ],
  ['fetch', `fetch('https://audit.example/', { method: 'POST', body: JSON.stringify({ id: user.user_id }) });`],
])('what a rule sends by %s without waiting for an answer is sent, and stands in its trace', async (_how, body) => {
  const { outcome, rules } = await run([rule(`${body} callback(null, user, context);`)])
  expect([outcome, seen]).toMatchObject(['allow', [{ method: 'POST', url: 'https://audit.example/' }]])
  expect(rules[0]?.requests).toMatchObject([{ method: 'POST', url: 'https://audit.example/' }])
})

test('a rule that fails sends nothing any more', async () => {
  const { outcome } = await run([rule(`request('https://audit.example/'); throw new Error('no');`)])
  expect([outcome, seen]).toEqual(['error', []])
})

test.each([
  "require('net').connect(5432, 'db.example.com')",
  "require('dns').lookup('db.example.com', (error) => { throw error })",
])('there are no connections: %s', async (use) => {
  const { error } = await run(rule(use))
  expect(error).toMatchObject({ code: 'NETWORK_REFUSED', message: expect.stringContaining('host module') as string })
})
