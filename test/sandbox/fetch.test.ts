import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../engine/use-engine.ts'
import { useServer } from './http-server.ts'

const other = useServer((request, response) => response.end(JSON.stringify(request.headers)))
const server = useServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
  if (pathname === '/redirect') {
    response.writeHead(Number(searchParams.get('status') ?? 302), { location: searchParams.get('to') ?? '' }).end()
    return
  }
  if (pathname === '/status') {
    response.writeHead(404, 'Nothing Here', { 'x-two': ['1', '2'], 'set-cookie': ['a=1, b', 'c=2'] }).end('gone')
    return
  }
  const body = await text(request)
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
})
const { run } = useEngine({ network: { allow: ['127.0.0.1'] } })

/** Runs `expression` in a rule and answers its value; `base` and `elsewhere` are two servers. */
async function value(expression: string): Promise<unknown> {
  const { user, reason } = await run(`async function (user, context, callback) {
    const base = '${server.url}', elsewhere = '${other.url}';
    const failure = (error) => [error instanceof TypeError, error.code, error.message];
    user.value = await (async () => ${expression})();
    callback(null, user, context);
  }`)
  return reason ?? user['value']
}

describe('fetch', () => {
  test('gets an answer with its status, headers and body', async () => {
    const expression = `{ const r = await fetch(base + '/status'); return [r.ok, r.status, r.statusText, r.url === base + '/status', r.redirected, r.headers.get('X-Two'), r.headers.getSetCookie(), await r.text()] }`
    const cookies = ['a=1, b', 'c=2']
    expect(await value(expression)).toEqual([false, 404, 'Nothing Here', true, false, '1, 2', cookies, 'gone'])
  })

  test('sends method, headers and body as the rule gives them', async () => {
    const expression = `(await fetch(base + '/echo?q=1', { method: 'post', headers: { 'X-Number': 5, Accept: ' text/plain ' }, body: JSON.stringify({ a: 'ü' }) })).json()`
    expect(await value(expression)).toMatchObject({
      method: 'POST',
      url: '/echo?q=1',
      body: '{"a":"ü"}',
      headers: { 'x-number': '5', accept: 'text/plain', 'content-type': 'text/plain;charset=UTF-8' },
    })
  })

  test.each([
    [
      'URLSearchParams',
      `new URLSearchParams({ a: 'b c' })`,
      'a=b+c',
      'application/x-www-form-urlencoded;charset=UTF-8',
    ],
    ['bytes', `new TextEncoder().encode('bytes')`, 'bytes', undefined],
    ['an ArrayBuffer', `new TextEncoder().encode('buffer').buffer`, 'buffer', undefined],
    ['a Buffer', `Buffer.from('node')`, 'node', undefined],
  ])('takes %s as a body', async (_what, body, sent, type) => {
    const result = await value(`(await fetch(base, { method: 'PUT', body: ${body} })).json()`)
    expect(result).toMatchObject({ body: sent })
    expect((result as { headers: Record<string, string> }).headers['content-type']).toBe(type)
  })

  test('takes a Request, and a URL', async () => {
    const expression = `{ const request = new Request(new URL('/r', base), { method: 'PATCH', body: 'x', headers: { a: 'b' } }); const r = await (await fetch(request)).json(); return [r.method, r.url, r.body, r.headers.a] }`
    expect(await value(expression)).toEqual(['PATCH', '/r', 'x', 'b'])
  })

  test('is given up by its signal', async () => {
    const expression = `{ const c = new AbortController(); const p = fetch(base + '/echo', { signal: c.signal }); c.abort(); return p.catch((e) => e.name) }`
    expect(await value(expression)).toBe('AbortError')
    expect(await value(`fetch(base, { signal: AbortSignal.abort('why') }).catch((e) => e)`)).toBe('why')
  })

  test.each([
    ['no URL', `'nowhere'`, /Failed to parse URL/],
    ['a method with a line break', `base, { method: 'GET /x HTTP/1.1\\r\\nHost: y\\r\\n\\r\\n' }`, /valid HTTP method/],
    ['a forbidden method', `base, { method: 'CONNECT' }`, /unsupported/],
    ['a header with a line break', `base, { headers: { a: 'x\\r\\nb: y' } }`, /no header may hold/],
    ['a header name with a blank', `base, { headers: { 'a b': 'x' } }`, /invalid header name/],
  ])('with %s is a TypeError', async (_what, input, message) => {
    const [isTypeError, , said] = (await value(`fetch(${input}).then(() => 'sent', failure)`)) as unknown[]
    expect(isTypeError).toBe(true)
    expect(said).toMatch(message)
  })

  test('sets itself what frames a message or names the next hop', async () => {
    const hostile = `{ Host: 'evil', Connection: 'upgrade', 'Proxy-Authorization': 'x', TE: 'trailers', 'Transfer-Encoding': 'chunked', 'Content-Length': '999', Expect: '100-continue', Upgrade: 'h2c', Via: 'x', 'Sec-Fetch-Site': 'same-origin' }`
    const { headers } = (await value(`(await fetch(base, { headers: ${hostile} })).json()`)) as {
      headers: Record<string, string>
    }
    expect(headers['host']).toBe(`127.0.0.1:${server.port}`)
    expect(headers['connection']).toBe('keep-alive')
    const others = ['proxy-authorization', 'te', 'transfer-encoding', 'content-length', 'expect', 'upgrade', 'via']
    expect(others.filter((name) => name in headers)).toEqual([])
  })
})

describe('a redirect', () => {
  const to = (path: string, status = 302): string =>
    `base + '/redirect?status=${status}&to=' + encodeURIComponent(${path})`

  test('is followed, and its address is told', async () => {
    const expression = `{ const r = await fetch(${to(`'/echo'`)}); return [r.redirected, r.url === base + '/echo'] }`
    expect(await value(expression)).toEqual([true, true])
  })

  test.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'x'],
    [308, 'PUT', 'PUT', 'x'],
  ])('%d turns %s into %s', async (status, method, after, body) => {
    const result = await value(
      `(await fetch(${to(`'/echo'`, status)}, { method: '${method}', body: 'x', headers: { 'content-type': 'a/b' } })).json()`,
    )
    expect(result).toMatchObject({ method: after, body })
  })

  test('to another origin loses what proves who is asking', async () => {
    const headers = `{ Authorization: 'Bearer secret', Cookie: 'a=b', 'X-Kept': 'yes' }`
    const elsewhere = (await value(`(await fetch(${to(`elsewhere`)}, { headers: ${headers} })).json()`)) as object
    expect(elsewhere).toMatchObject({ 'x-kept': 'yes' })
    expect(elsewhere).not.toHaveProperty('authorization')
    expect(elsewhere).not.toHaveProperty('cookie')
    expect(await value(`(await fetch(${to(`'/echo'`)}, { headers: ${headers} })).json()`)).toMatchObject({
      headers: { authorization: 'Bearer secret', cookie: 'a=b' },
    })
  })

  test.each([
    ['to a private address', `'http://10.0.0.1/'`, 'NETWORK_REFUSED'],
    ['to the metadata service', `'http://169.254.169.254/latest/meta-data/'`, 'NETWORK_REFUSED'],
    ['to a file', `'file:///etc/passwd'`, 'NETWORK_REFUSED'],
    ['to a port of another protocol', `'http://127.0.0.1:6379/'`, 'NETWORK_REFUSED'],
    ['with a password', `'http://user:pass@127.0.0.1/'`, 'NETWORK_REFUSED'],
  ])('%s is refused', async (_what, target, code) => {
    expect(await value(`fetch(${to(target)}).then(() => 'sent', (e) => e.code)`)).toBe(code)
  })

  test('is followed three times and no more', async () => {
    const chain = (hops: number): string => (hops === 0 ? `'/echo'` : to(chain(hops - 1)))
    expect(await value(`(await fetch(${chain(3)})).status`)).toBe(200)
    expect(await value(`fetch(${chain(4)}).then(() => 'sent', (e) => e.code)`)).toBe('LIMIT_EXCEEDED')
  })

  test('is returned or refused where the rule says so', async () => {
    expect(await value(`(await fetch(${to(`'/echo'`)}, { redirect: 'manual' })).status`)).toBe(302)
    const [isTypeError] = (await value(
      `fetch(${to(`'/echo'`)}, { redirect: 'error' }).then(() => ['sent'], failure)`,
    )) as unknown[]
    expect(isTypeError).toBe(true)
  })
})
