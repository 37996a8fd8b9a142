import { describe, expect, test } from 'vitest'
import { secretValues, useSecretService } from './secret-service.ts'

const { KEY: key, PASSWORD: value } = secretValues
const service = useSecretService()
const utf8 = (header = ''): string => Buffer.from(header, 'latin1').toString()

describe('a secret for a host is put into', () => {
  test('a header', async () => {
    const { request } = await service.runExpression(
      `fetch(url, { headers: { 'x-key': PASSWORD, authorization: 'Bearer ' + KEY } }).then(() => 1)`,
    )
    expect(utf8(request.headers['x-key'])).toBe(value)
    expect(request.headers['authorization']).toBe(`Bearer ${key}`)
  })

  test.each([
    ['as the password', `'ada:' + PASSWORD`, `ada:${value}`],
    ['as the user', `PASSWORD + ':'`, `${value}:`],
    ['as both', `KEY + ':' + PASSWORD`, `${key}:${value}`],
  ])('Basic auth, %s', async (_what, pair, expected) => {
    const { request } = await service.runExpression(
      `fetch(url, { headers: { authorization: 'Basic ' + btoa(${pair}) } }).then(() => 1)`,
    )
    expect(Buffer.from(request.headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe(expected)
    expect(request.headers['authorization']).toBe(`Basic ${Buffer.from(expected).toString('base64')}`)
  })

  test('the path and the query of a URL', async () => {
    const { request } = await service.runExpression(
      `fetch(url + 'keys/' + PASSWORD + '?' + new URLSearchParams({ a: 'b', key: PASSWORD })).then(() => 1)`,
    )
    const { pathname, searchParams } = new URL(request.url, 'http://x')
    expect(decodeURIComponent(pathname)).toBe(`/keys/${value}`)
    expect(searchParams.get('key')).toBe(value)
  })

  test('a form', async () => {
    const { request } = await service.runExpression(
      `fetch(url, { method: 'POST', body: new URLSearchParams({ key: PASSWORD, a: 'b c' }) }).then(() => 1)`,
    )
    expect([...new URLSearchParams(request.body.toString())]).toEqual([
      ['key', value],
      ['a', 'b c'],
    ])
    expect(request.headers['content-length']).toBe(String(request.body.length))
  })

  test.each([
    ['with its type', `headers: { 'content-type': 'application/json; charset=utf-8' }`],
    ['with a type of its own', `headers: { 'content-type': 'application/vnd.api+json' }`],
    ['that is called plain text', `headers: {}`],
  ])('JSON %s', async (_what, options) => {
    const { request } = await service.runExpression(
      `fetch(url, { method: 'POST', ${options}, body: JSON.stringify({ a: 1, keys: [PASSWORD, 'ü'] }) }).then(() => 1)`,
    )
    expect(JSON.parse(request.body.toString())).toEqual({ a: 1, keys: [value, 'ü'] })
    expect(request.headers['content-length']).toBe(String(request.body.length))
  })

  test('XML', async () => {
    const { request } = await service.runExpression(
      `fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<key>' + PASSWORD + '</key>' }).then(() => 1)`,
    )
    expect(request.body.toString()).toBe('<key>s3cr&amp;t/&quot;+ é=%&lt;&apos;\\</key>')
  })

  test('a part of a form with several', async () => {
    const { request } = await service.runExpression(
      `{ const form = new FormData(); form.append('key', PASSWORD); form.append('a', 'b'); return fetch(url, { method: 'POST', body: form }).then(() => 1) }`.replace(
        /^/,
        '(async () => ',
      ) + ')()',
    )
    const form = await new Response(new Uint8Array(request.body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData()
    expect([...form]).toEqual([
      ['key', value],
      ['a', 'b'],
    ])
    expect(request.headers['content-length']).toBe(String(request.body.length))
  })

  test.each([
    [
      'axios',
      `require('axios').post(url, { key: PASSWORD }, { auth: { username: 'ada', password: PASSWORD } }).then(() => 1)`,
    ],
    [
      'request',
      `new Promise((resolve, reject) => require('request').post({ url, json: { key: PASSWORD }, auth: { user: 'ada', pass: PASSWORD } }, (error) => error ? reject(error) : resolve(1)))`,
    ],
    [
      'http',
      `new Promise((resolve, reject) => require('http').request(url, { method: 'POST', auth: 'ada:' + PASSWORD, headers: { 'content-type': 'application/json' } }, resolve).on('error', reject).end(JSON.stringify({ key: PASSWORD })))`,
    ],
  ])('what %s sends', async (_module, expression) => {
    const { request } = await service.runExpression(expression)
    expect(JSON.parse(request.body.toString())).toEqual({ key: value })
    expect(Buffer.from(request.headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe(`ada:${value}`)
  })
})
