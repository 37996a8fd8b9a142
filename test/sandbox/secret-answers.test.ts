import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { secretValues, useSecretService } from './secret-service.ts'

const { KEY: key, PASSWORD: value } = secretValues
const service = useSecretService()
const utf8 = (header = ''): string => Buffer.from(header, 'latin1').toString()

describe('an answer that echoes a secret', () => {
  const forms: Record<string, string> = {
    'as it is': `[${value}]`,
    'as JSON': JSON.stringify({ value }),
    'as JSON in ASCII': JSON.stringify({ value })
      .replaceAll('é', String.raw`\u00e9`)
      .replaceAll('/', String.raw`\/`),
    'in a URL': `?key=${encodeURIComponent(value)}`,
    'in a URL, in lower case': `?key=${encodeURIComponent(value).toLowerCase()}`,
    'in a form': new URLSearchParams({ value }).toString(),
    'in XML': `<a>s3cr&amp;t/&quot;+ é=%&lt;&apos;\\</a>`,
    'in hexadecimal': Buffer.from(value).toString('hex'),
    'in base64': Buffer.from(`ada:${value}`).toString('base64'),
    'in base64 at another offset': `{"a":"${Buffer.from(`gr:${value}:more`).toString('base64')}"}`,
    'in base64 for URLs': Buffer.from(`grace:${value}`).toString('base64url'),
    'in capitals': value.toUpperCase(),
  }

  test.each(Object.keys(forms))('%s shows the placeholder', async (form) => {
    const body = forms[form] ?? ''
    service.answer = () => ({
      headers: { 'x-echo': Buffer.from(body).toString('latin1'), 'content-length': String(Buffer.byteLength(body)) },
      body,
    })
    const { result, text } =
      await service.runExpression(`fetch(url, { headers: { 'x-key': PASSWORD } }).then(async (answer) => {
      const shown = await answer.text();
      return [shown, answer.headers.get('x-echo'), (shown + Buffer.from(shown.replace(/.*"a":"/, ''), 'base64') + Buffer.from(shown, 'hex')).includes(PASSWORD)] })`)
    const [shown, header, hasPlaceholder] = result as [string, string, boolean]
    expect(hasPlaceholder).toBe(true)
    for (const one of [shown, utf8(header), text]) expect(one).not.toContain(body.slice(1, -1))
    expect(JSON.stringify(result).toLowerCase()).not.toContain('s3cr')
  })

  test('is as long as its header says', async () => {
    service.answer = () => ({ headers: { 'content-length': String(key.length) }, body: key })
    const { result } = await service.runExpression(
      `fetch(url).then(async (answer) => [(await answer.text()) === KEY, answer.headers.get('content-length') == KEY.length])`,
    )
    expect(result).toEqual([true, true])
  })

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('compressed with %s is searched, too', async (coding, compress) => {
    service.answer = () => ({ headers: { 'content-encoding': coding }, body: compress(`[${key}]`) })
    for (const expression of [
      `fetch(url).then((answer) => answer.text()).then((text) => text === '[' + KEY + ']')`,
      `require('axios').get(url).then(({ data }) => data === '[' + KEY + ']')`,
      `new Promise((resolve) => require('http').get(url, (answer) => { let text = ''; answer.on('data', (chunk) => { text += chunk }).on('end', () => resolve(text === '[' + KEY + ']')) }))`,
    ]) {
      expect((await service.runExpression(expression)).result).toBe(true)
    }
  })

  test('in a coding that cannot be searched is refused', async () => {
    service.answer = () => ({ headers: { 'content-encoding': 'compress' }, body: 'bytes' })
    const { result } = await service.runExpression(`fetch(url).catch(failed)`)
    expect(result).toEqual([
      'NETWORK_REFUSED',
      expect.stringContaining('is in the coding compress, which cannot be searched'),
    ])
  })

  test('may be bytes of anything', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    service.answer = () => ({ body: bytes })
    const { result } = await service.runExpression(
      `fetch(url).then((answer) => answer.arrayBuffer()).then((bytes) => Buffer.from(bytes).toString('hex'))`,
    )
    expect(result).toBe(bytes.toString('hex'))
  })
})
