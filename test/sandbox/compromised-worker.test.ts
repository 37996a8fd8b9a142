import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { guardChannel } from '../../src/sandbox/host/guard-channel.ts'
import { defaultLimits } from '../../src/sandbox/wire/limits.ts'
import { isFromWorker } from '../../src/sandbox/wire/message-checks.ts'
import { readSafeRecords } from '../../src/sandbox/wire/result-checks.ts'

const loginText = JSON.stringify([{ user: { name: 'Ada', roles: ['a'] }, context: {} }])
const result = { status: 'ok', login: '', rules: '[]' } as const
const read = (more: object): unknown => readSafeRecords({ ...result, ...more }, loginText, defaultLimits)

/** A list in a list, this often. */
const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic
const toLogin = (user: string, marks?: object): string =>
  `[{"user":${user},"context":{}}${marks === undefined ? '' : `,${JSON.stringify(marks)}`}]`
const share = (...shared: readonly unknown[]): object => ({ dates: [], undefineds: [], shared })
const toRules = (value: string): string =>
  `[{"report":{"status":"ok","changes":[{"op":"add","path":"/user/a","value":${value}}]},"us":[1,1]}]`

describe('of a result that a compromised worker sends', () => {
  test.each<[string, object]>([
    ['a user that is 10,000 levels deep', { login: toLogin(nest(10_000)) }],
    ['a user that is deeper than the limit', { login: toLogin(nest(defaultLimits.maxDepth + 20)) }],
    ['a user that is larger than the limit', { login: toLogin(`"${'x'.repeat(defaultLimits.maxOutputBytes)}"`) }],
    ['a change that is 10,000 levels deep', { rules: toRules(nest(10_000)) }],
    ['metadata that contain themselves', { metadata: { user: cyclic } }],
    ['metadata that are 10,000 levels deep', { metadata: { user: { deep: JSON.parse(nest(10_000)) as unknown } } }],
    ['a user that contains itself', { login: toLogin('{"a":{}}', share([['user', 'a', 'b'], ['user']])) }],
    [
      'two parts that contain each other',
      {
        login: toLogin(
          '{"a":{},"b":{}}',
          share(
            [
              ['user', 'a', 'x'],
              ['user', 'b'],
            ],
            [
              ['user', 'b', 'x'],
              ['user', 'a'],
            ],
          ),
        ),
      },
    ],
    [
      'a change that makes the user contain itself',
      { isDelta: true, login: JSON.stringify(share([['user', 'self'], ['user']])) },
    ],
    [
      'a user that doubles forty times',
      {
        login: toLogin(
          JSON.stringify(Object.fromEntries(Array.from({ length: 41 }, (_, level) => [`l${level}`, { a: 1, b: 1 }]))),
          share(
            ...Array.from({ length: 40 }, (_, level) =>
              ['a', 'b'].map((name) => [
                ['user', `l${level}`, name],
                ['user', `l${level + 1}`],
              ]),
            ).flat(),
          ),
        ),
      },
    ],
    ['records that are no JSON', { rules: '[' }],
  ])('%s is refused', (_what, more) => {
    expect(read(more)).toBeUndefined()
  })

  test.each<[string, object]>([
    ['a user as deep as the limit', { login: toLogin(nest(defaultLimits.maxDepth - 1)) }],
    [
      'a shared part',
      {
        login: toLogin(
          '{"a":{"x":1},"b":null}',
          share([
            ['user', 'b'],
            ['user', 'a'],
          ]),
        ),
      },
    ],
    ['brackets in a text', { login: toLogin(JSON.stringify(`\\"${'['.repeat(1_000)}`)) }],
    ['metadata', { metadata: { user: { plan: { name: 'gold' } }, app: {} } }],
  ])('%s is accepted', (_what, more) => {
    expect(read(more)).toEqual([])
  })

  test('the check of the message itself comes to an end', () => {
    expect(isFromWorker({ type: 'done', id: 1, ...result, metadata: { user: cyclic } })).toBe(true)
    expect(isFromWorker({ type: 'done', id: 1, ...result, login: cyclic })).toBe(false)
  })
})

test.each([
  ['bytes that are no message', `Buffer.from('ffffffffffff', 'hex')`],
  [
    'a value that is too deep for the stack',
    `(() => { let value = {}; for (let depth = 0; depth < 10000; depth++) value = { value }; return require('node:v8').serialize(value) })()`,
  ],
  ['a value that ends too early', `require('node:v8').serialize({ type: 'ready' }).subarray(0, 6)`],
])('%s on the pipe are reported, and do not end this process', async (_what, bytes) => {
  const code = `const body = ${bytes}; const head = Buffer.alloc(4); head.writeUInt32BE(body.length);
    require('node:fs').writeSync(3, Buffer.concat([head, body])); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--stack-size=3900', '--eval', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const received: unknown[] = []
  child.on('message', (message) => received.push(message))
  await new Promise<void>((resolve) => {
    guardChannel(child, resolve)
  })
  expect(received).toEqual([])
  child.kill('SIGKILL')
  await once(child, 'exit')
})
