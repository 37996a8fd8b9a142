import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import '../../src/testing/setup/vitest.ts'
import { loadRule } from '../../src/testing/index.ts'

const asks = `async function (user, context, callback) {
  try { const response = await fetch('https://api.example.com/users/1', { method: 'POST', body: JSON.stringify({ id: 1 }), headers: { 'x-key': 'k' } })
    user.got = [response.status, response.headers.get('x-answer'), await response.text()] } catch (error) { user.error = [error.code, error.message] }
  callback(null, user, context) }`
const asksTheOldWay = `function (user, context, callback) {
  request.get({ url: 'http://api.example.com/old', json: true }, function (error, response, body) {
    if (error) return callback(error)
    user.got = [response.statusCode, body.name]; callback(null, user, context) }) }`

afterEach(() => {
  nock.cleanAll()
  nock.restore()
})

test('a function of the test’s answers requests', async () => {
  const seen: unknown[] = []
  const fetch = async (request: Request) => {
    seen.push(request.method, request.url, await request.json(), request.headers.get('x-key'))
    return Response.json({ ok: true }, { status: 201, headers: { 'x-answer': 'a' } })
  }
  const outcome = await loadRule(asks, { fetch })({})
  expect(seen).toEqual(['POST', 'https://api.example.com/users/1', { id: 1 }, 'k'])
  expect(outcome.user['got']).toEqual([201, 'a', '{"ok":true}'])
  expect(outcome).toHaveRequested({ method: 'POST', url: 'https://api.example.com/users/1', status: 201 })
})

test('each rule has its own, also where they run side by side', async () => {
  const names = ['a', 'b', 'c']
  const outcomes = await Promise.all(names.map((name) => loadRule(asks, { fetch: () => new Response(name) })({})))
  expect(outcomes.map(({ user }) => user['got'])).toEqual(names.map((name) => [200, null, name]))
})

test('nobody answers where nobody was asked to, and the outcome says what was wanted', async () => {
  const outcome = await loadRule(asks)({})
  expect(outcome.user['error']).toEqual([
    'NETWORK_REFUSED',
    'nothing answers POST https://api.example.com/users/1: give loadRule a fetch option',
  ])
  expect(outcome.rules[0]?.requests).toMatchObject([{ method: 'POST', url: 'https://api.example.com/users/1' }])
})

describe('node:http of the test’s process', () => {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate()
  })

  test('is where nock sees requests, of every client', async () => {
    nock('https://api.example.com', { reqheaders: { 'x-key': 'k' } })
      .post('/users/1', { id: 1 })
      .reply(202, 'made', { 'x-answer': 'n' })
    nock('http://api.example.com').get('/old').reply(200, { name: 'Ada' })
    expect((await loadRule(asks, { fetch: 'node:http' })({})).user['got']).toEqual([202, 'n', 'made'])
    expect((await loadRule(asksTheOldWay, { fetch: 'node:http' })({})).user['got']).toEqual([200, 'Ada'])
    expect(nock.isDone()).toBe(true)
  })

  test('fails as it fails there', async () => {
    nock('http://api.example.com').get('/old').replyWithError('the line is dead')
    const error = await new Promise((resolve) => loadRule(asksTheOldWay, { fetch: 'node:http' })({}, {}, resolve))
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ message: 'the line is dead' })
  })
})

describe('the global fetch of the test’s process', () => {
  test('is whatever the test has put there', async () => {
    vi.stubGlobal('fetch', async (request: Request) => new Response(`asked for ${request.url}`))
    const { user } = await loadRule(asks, { fetch: 'fetch' })({})
    vi.unstubAllGlobals()
    expect(user['got']).toEqual([200, null, 'asked for https://api.example.com/users/1'])
  })
})
