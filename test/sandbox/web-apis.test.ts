import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'

/** Each line is evaluated twice, here and in a rule: what Node says is right. */
const expressions = String.raw`
  new URL('HTTP://EXAMPLE.com:80/a b/../c?d=é#f').href
  new URL('../x?y', 'http://h/a/b/c').href
  (() => { const u = new URL('http://h/p'); u.port = '8080'; u.pathname = '/é'; u.search = 'a=1&b=2'; u.hash = 'z'; u.username = 'u'; u.password = 'p@'; return [u.href, u.origin, u.host, u.searchParams.get('b')] })()
  (() => { const u = new URL('http://h/p?a=1'); u.searchParams.append('b', 'c d'); u.searchParams.delete('a'); return [u.href, u.search] })()
  (() => { const u = new URL('http://h/'); u.host = 'x:99'; u.protocol = 'https'; u.hostname = ''; return u.href })()
  (() => { try { new URL('bad') } catch (e) { return [e.name, e.code, e.message, e instanceof TypeError] } })()
  (() => { const u = new URL('http://h/'); try { u.href = 'bad' } catch (e) { return [e.name, e.code, u.href] } })()
  [URL.canParse('http://x'), URL.canParse('x'), URL.canParse('x', 'http://y'), URL.parse('x'), String(URL.parse('http://x'))]
  [JSON.stringify({ u: new URL('http://x/y') }), Object.prototype.toString.call(new URL('http://x')), Object.keys(new URL('http://x'))]
  [...new URLSearchParams('?a=1&b=2&a=3&c')]
  [new URLSearchParams({ a: 1, b: 'x y', c: undefined }).toString(), new URLSearchParams([['a', 'b']]).toString(), new URLSearchParams(new Map([['a', '1']])).toString()]
  [new URLSearchParams('a=%zz&b=+%2B').get('b'), new URLSearchParams({ '😀': 'é' }).toString(), new URLSearchParams('a=\ud800').toString()]
  (() => { const p = new URLSearchParams('a=1&b=2&a=3'); p.set('a', 9); p.sort(); return [p.toString(), p.size, p.has('a'), p.has('a', '8'), p.getAll('a'), p.get('zz')] })()
  (() => { const p = new URLSearchParams('a=1&b=2'), r = []; p.forEach((v, k) => r.push(k + v)); return [r, [...p.keys()], [...p.values()], [...p.entries()]] })()
  (() => { try { new URLSearchParams([['a']]) } catch (e) { return e.name } })()
  [...new TextEncoder().encode('aé€😀\ud800x')]
  (() => { const b = new Uint8Array(5); return [new TextEncoder().encodeInto('a€😀', b), [...b]] })()
  [new TextDecoder().decode(new Uint8Array([0xe2, 0x82, 0xac])), new TextDecoder().decode(new Uint8Array([0xff, 0x41])), new TextDecoder().decode()]
  [new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x41])), new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x41])).length]
  (() => { try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])) } catch (e) { return e.name } })()
  (() => { try { new TextDecoder('nope') } catch (e) { return e.name } })()
  (() => { try { new TextDecoder().decode('text') } catch (e) { return e.name } })()
  [new TextDecoder('utf-16le').decode(new Uint8Array([0x41, 0, 0x42, 0])), new TextDecoder('UTF8').encoding]
  [btoa('hello'), btoa(''), btoa('ÿ'), atob('aGVsbG8='), atob(' aGVs bG8 '), atob('aGVsbG8')]
  ['a', '!!!!', 'aGVsbG8==', 'ab=c'].map((text) => { try { return atob(text) } catch (e) { return e.name } })
  (() => { try { btoa('€') } catch (e) { return e.name } })()
  ['hex', 'base64', 'base64url', 'latin1', 'utf8', 'ucs2'].map((encoding) => Buffer.from('héllo?>', 'latin1').toString(encoding))
  [Buffer.from('aGk_-w', 'base64url').toString('hex'), Buffer.from('aGk', 'base64').toString(), Buffer.isEncoding('BASE64URL'), Buffer.byteLength('aGk_', 'base64url'), Buffer.from('base64url').toString()]
  [Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString(), Buffer.byteLength('€'), Buffer.from([1, 2, 300]).toJSON(), Buffer.compare(Buffer.from('a'), Buffer.from('b'))]
  [Buffer.from('abcdef').subarray(1, 3).toString(), Buffer.from('abc').indexOf('c'), Buffer.from('ab').readUInt16BE(0), Buffer.alloc(3, 'x').toString(), Buffer.from('abc').equals(Buffer.from('abc'))]
  [Buffer.from('a') instanceof Uint8Array, Buffer.isBuffer(new Uint8Array(1)), Object.prototype.toString.call(Buffer.from('a'))]
  structuredClone({ a: [1, { b: new Date(5) }], c: undefined, d: null, e: NaN, f: -0, g: 10n })
  (() => { const o = { x: 1 }; o.self = o; const c = structuredClone(o); return [c !== o, c.self === c, c.x] })()
  (() => { const c = structuredClone(new Map([[1, { a: new Set([2]) }]])); return [c instanceof Map, c.get(1).a.has(2)] })()
  (() => { const c = structuredClone(/a(b)/gi), e = structuredClone(new TypeError('m')); return [c.source, c.flags, e.name, e.message, e instanceof TypeError] })()
  (() => { const c = structuredClone(new Uint8Array([1, 2])); return [c.constructor.name, [...c]] })()
  [() => 1, Symbol('x'), { f() {} }].map((value) => { try { structuredClone(value) } catch (e) { return e.name } })
  (() => { const a = new AbortController(), r = []; a.signal.addEventListener('abort', (e) => r.push(e.type, e.target === a.signal)); a.abort(); a.abort(); return [r, a.signal.aborted, a.signal.reason.name, a.signal.reason.message] })()
  (() => { const a = new AbortController(); a.abort('why'); try { a.signal.throwIfAborted() } catch (e) { return e } })()
  (() => { const a = new AbortController(), b = new AbortController(), any = AbortSignal.any([a.signal, b.signal]); b.abort('b'); return [any.aborted, any.reason, AbortSignal.abort().reason.name] })()
  (() => { const a = new AbortController(); let n = 0; const f = () => n++; a.signal.addEventListener('abort', f); a.signal.removeEventListener('abort', f); a.abort(); return n })()
  (async () => { const s = AbortSignal.timeout(3); await new Promise((r) => s.addEventListener('abort', r)); return s.reason.name })()
  (() => { const h = new Headers({ A: '1', b: '2' }); h.append('a', '3'); h.set('C', 4); h.delete('b'); return [[...h], h.get('A'), h.has('c'), h.get('zz')] })()
  (() => { const h = new Headers([['x', ' 1 '], ['X', '2']]); h.append('set-cookie', 'a, b'); h.append('set-cookie', 'c'); return [[...h], h.getSetCookie(), [...new Headers(h)]] })()
  [{ 'bad name': 'x' }, { a: 'x\r\ny: z' }, { a: '\u0100' }, { '': 'x' }, [['a']]].map((init) => { try { new Headers(init) } catch (e) { return e.name } })
  (() => { const r = new Request('http://x/y', { method: 'post', body: 'b', headers: { a: 'b' } }); return [r.method, r.url, r.headers.get('content-type'), r.headers.get('a'), r.redirect, r.bodyUsed] })()
  (() => { try { new Request('http://x', { body: 'x' }) } catch (e) { return [e.name, e.message] } })()
  (() => { const r = new Response('x', { status: 201, statusText: 'Made', headers: { q: '1' } }); return [r.status, r.ok, r.statusText, r.headers.get('q'), r.headers.get('content-type'), r.url, r.redirected] })()
  (async () => [await new Response('héllo').text(), await Response.json({ a: 1 }).json(), [...new Uint8Array(await new Response('é').arrayBuffer())], await new Response(new URLSearchParams({ a: 'b c' })).text(), await new Response(null).text()])()
  (async () => { const r = new Response('x'), c = r.clone(); await r.text(); try { await r.text() } catch (e) { return [e.name, r.bodyUsed, await c.text()] } })()
  (async () => new Response('{').json().catch((e) => e.name))()
  new Promise((r) => setTimeout((a, b) => r([a, b]), 1, 'x', 2))
  new Promise((r) => { const t = setTimeout(() => r('fired'), 5); clearTimeout(t); setTimeout(() => r('cleared'), 15) })
  new Promise((r) => { let n = 0; const t = setInterval(() => { if (++n === 3) { clearInterval(t); r(n) } }, 1) })
  new Promise((r) => { const o = []; setTimeout(() => o.push('t'), 0); queueMicrotask(() => o.push('m')); Promise.resolve().then(() => o.push('p')); setTimeout(() => r(o), 20) })
  (() => { clearTimeout(undefined); clearTimeout(null); clearTimeout({}); clearTimeout(5); const t = setTimeout(() => 1, 1); return [t.hasRef(), t.ref() === t, t.unref() === t] })()
  (() => { try { setTimeout('code') } catch (e) { return e.name } })()
  [new Date(0).toLocaleDateString('de-DE', { timeZone: 'UTC' }), (1234.5).toLocaleString('en-US'), 'ä'.localeCompare('z', 'de'), Intl.DateTimeFormat().resolvedOptions().timeZone]
  (() => { const e = new Error('x', { cause: 5 }), o = {}; Error.captureStackTrace(o); return [e.cause, e.stack.split('\n')[0], typeof o.stack] })()
  (() => { class A extends Error { constructor(m) { super(m); this.name = 'A' } } const a = new A('q'); return [String(a), a instanceof A, a instanceof Error] })()
  (() => { const o = {}; o.toString = () => 'mine'; o.constructor = 5; o.hasOwnProperty = 1; return [String(o), o.constructor] })()
  (() => { function A() {} A.prototype = Object.create(Error.prototype); A.prototype.name = 'AA'; A.prototype.constructor = A; return String(new A()) })()
  [eval('1+1'), new Function('a', 'b', 'return a+b')(1, 2), escape('ü'), Object.groupBy([1, 2], (x) => x % 2 ? 'odd' : 'even')]
`
  .trim()
  .split('\n')
  .map((line) => line.trim())

/** Text for any value, so that the two sides can be compared beyond what JSON has words for. */
const show = String.raw`(function show(value) {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return value + 'n'
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Date) return 'Date ' + value.getTime()
  if (Array.isArray(value)) return '[' + value.map(show).join() + ']'
  return '{' + Object.keys(value).sort().map((key) => key + ':' + show(value[key])).join() + '}'
})`
const script = `async function (user, context, callback) {
  try { user.value = ${show}(await eval('(' + user.expression + ')')) } catch (error) { user.value = 'thrown ' + error }
  callback(null, user, context)
}`
let engine: ReturnType<typeof createEngine>
beforeAll(() => {
  engine = createEngine({ rules: [{ name: 'evaluate', script }], limits: { workers: 1 } })
})
afterAll(() => engine.close())

test.each(expressions)('%s', async (expression) => {
  // oxlint-disable-next-line no-eval
  const evaluate = eval as (text: string) => unknown
  const value: unknown = await evaluate(`(${expression})`)
  const expected = (evaluate(show) as (shown: unknown) => string)(value)
  expect((await engine.run({ user: { expression } })).user['value']).toBe(expected)
})

test('classes have the names of the standard, whatever the bundler calls them', async () => {
  const names = [
    'Blob',
    'FormData',
    'Headers',
    'Request',
    'Response',
    'URL',
    'URLSearchParams',
    'AbortSignal',
    'TextDecoder',
  ]
  const expression = `[${names.join(', ')}].map((kind) => kind.name).join()`
  expect((await engine.run({ user: { expression } })).user['value']).toBe(JSON.stringify(names.join()))
})
