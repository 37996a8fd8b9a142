import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import '../../src/testing/setup/vitest.ts'
import { loadPipeline, loadRule } from '../../src/testing/index.ts'
import { folderForTests } from '../rules/temporary-folder.ts'

const rule = (body: string): string => `function (user, context, callback) { ${body} }`
const greets = rule(`user.greeting = 'Hello ' + configuration.NAME; callback(null, user, context)`)
const folder = folderForTests({
  'greets.js': greets,
  'counts.js': rule(`user.count = require('counter').next(); callback(null, user, context)`),
  'action.js': `exports.onExecutePostLogin = async (event, api) => {
    api.user.setAppMetadata('plan', event.secrets.PLAN); api.idToken.setCustomClaim('plan', event.secrets.PLAN) }`,
  'rules/10-first.js': rule(`context.seen = ['first']; callback(null, user, context)`),
  'rules/20-second.js': rule(
    `context.seen.push(configuration.FROM_FOLDER, configuration.FROM_TEST); callback(null, user, context)`,
  ),
  'rules/configuration.json': { FROM_FOLDER: 'folder', FROM_TEST: 'overridden' },
  'configuration.json': { NAME: 'Ada' },
  'broken.json': '{ "NAME": ',
  'node_modules/counter/index.js': `let count = 0; exports.next = () => ++count`,
})

describe('an awaited rule', () => {
  test('finds the packages beside it as they are when they have just been loaded, in each login', async () => {
    const counts = loadRule(join(folder, 'counts.js'))
    const logins = [await counts({}), await counts({})]
    expect(logins.map(({ user }) => user['count'])).toEqual([1, 1])
  })

  test('resolves to the outcome, whatever the rule does', async () => {
    expect(await loadRule(greets, { configuration: { NAME: 'Ada' } })()).toAllow()
    expect(await loadRule(rule(`callback('no')`))()).toDenyWith('no')
    expect(await loadRule(rule(`throw new RangeError('far out')`))()).toMatchObject({
      outcome: 'error',
      error: { code: 'RULE_THREW', message: 'far out, at rule.js:1:44' },
    })
  })

  test('is a file, the URL of one, or a text', async () => {
    const file = join(folder, 'greets.js')
    for (const source of [file, pathToFileURL(file), greets]) {
      const { user } = await loadRule(source, { configuration: { NAME: 'you' } })({})
      expect(user['greeting']).toBe('Hello you')
    }
  })

  test('is read anew when its file has changed', async () => {
    const file = join(folder, 'changing.js')
    writeFileSync(file, rule(`user.version = 1; callback(null, user, context)`))
    expect((await loadRule(file)()).user).toEqual({ version: 1 })
    writeFileSync(file, rule(`user.version = 'two'; callback(null, user, context)`))
    expect((await loadRule(file)()).user).toEqual({ version: 'two' })
  })

  test('may be an action, with secrets', async () => {
    const outcome = await loadRule(join(folder, 'action.js'), { secrets: { PLAN: 'gold' } })({ user_id: 'auth0|1' }, {})
    expect(outcome).toSetIdTokenClaim('plan', 'gold')
    expect(outcome).toUpdateAppMetadata({ plan: 'gold' })
  })

  test('takes its configuration from a JSON file', async () => {
    const outcome = await loadRule(greets, { configuration: join(folder, 'configuration.json') })({})
    expect(outcome.user['greeting']).toBe('Hello Ada')
  })

  test('runs beside others, each with its own', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `user ${index}`)
    const loaded = names.map((name) =>
      loadRule(`async ${rule(`await null; user.name = configuration.NAME + stub(); callback(null, user, context)`)}`, {
        configuration: { NAME: name },
        globals: { stub: () => `'s` },
      })({}),
    )
    expect((await Promise.all(loaded)).map(({ user }) => user['name'])).toEqual(names.map((name) => `${name}'s`))
  })
})

describe('a rule that calls back', () => {
  test('has done so when the call returns, where it waits for nothing', () => {
    const seen: unknown[] = []
    const user = {}
    loadRule(greets, { configuration: { NAME: 'Ada' } })(user, {}, (error, ...rest) => seen.push(error, ...rest))
    expect(seen).toEqual([null, { greeting: 'Hello Ada' }, {}])
    expect(seen[1]).toBe(user)
  })

  test('calls back with an error, its name and its code', async () => {
    const error = await new Promise((resolve) =>
      loadRule(rule(`callback(new UnauthorizedError('not you'))`))({}, {}, resolve),
    )
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'UnauthorizedError', code: 'unauthorized', message: 'not you' })
  })

  test('calls back with an error where the rule fails, and with a text where it gave one', async () => {
    const errors = ['throw new TypeError("broken")', 'callback("plain text")', 'null.x', 'for(;;);'].map(
      (body) => new Promise((resolve) => loadRule(rule(body))({}, {}, resolve)),
    )
    const [thrown, text, engines, cpu] = await Promise.all(errors)
    expect(thrown).toMatchObject({ name: 'TypeError', message: 'broken' })
    expect(text).toBe('plain text')
    expect(engines).toBeInstanceOf(Error)
    expect(cpu).toMatchObject({ code: 'RULE_CPU' })
  })

  test('throws what the callback throws, so that an assertion in it fails the test', () => {
    const call = () =>
      loadRule(greets)({}, {}, () => {
        throw new Error('assertion')
      })
    expect(call).toThrow('assertion')
  })
})

describe('what a rule changed', () => {
  test('is written into the objects that the caller gave, deep inside and without replacing them', async () => {
    const metadata = { roles: ['a', 'b', 'c'], gone: true, kept: { deep: 1 } }
    const user = { user_id: 'x', app_metadata: metadata, identities: [{ provider: 'auth0' }] }
    const [identity] = user.identities
    await loadRule(
      rule(`delete user.app_metadata.gone; user.app_metadata.roles.length = 1; user.app_metadata.kept.deep = 2;
      user.identities[0].provider = 'other'; user.identities.push({ provider: 'new' }); callback(null, user, context)`),
    )(user, {})
    expect(metadata).toEqual({ roles: ['a'], kept: { deep: 2 } })
    expect(user.identities).toEqual([{ provider: 'other' }, { provider: 'new' }])
    expect(user.identities[0]).toBe(identity)
  })

  test('is one object where the rule put one into two places', async () => {
    const context: { request: { geoip: object }; idToken: Record<string, unknown> } = {
      request: { geoip: { country: 'GB' } },
      idToken: {},
    }
    await loadRule(rule(`context.idToken.geo = context.request.geoip; callback(null, user, context)`))({}, context)
    expect(context.idToken['geo']).toBe(context.request.geoip)
  })

  test('is there as well where a rule passes on another user', async () => {
    const user: Record<string, unknown> = { a: 1 }
    const { user: after } = await loadRule(rule(`callback(null, { b: 2 }, context)`))(user, {})
    expect(user).toEqual({ b: 2 })
    expect(after).toBe(user)
  })
})

test('a folder runs as a pipeline, with its own configuration under that of the test', async () => {
  const { context, rules } = await loadPipeline(join(folder, 'rules'), { configuration: { FROM_TEST: 'test' } })({}, {})
  expect(context['seen']).toEqual(['first', 'folder', 'test'])
  expect(rules.map(({ name }) => name)).toEqual(['10-first', '20-second'])
})

test('the time of rules is the test’s, and stands still', async () => {
  const tells = rule(`user.now = [Date.now(), new Date().toISOString()]; callback(null, user, context)`)
  const nowMs = Date.UTC(2026, 0, 31)
  for (const clock of [nowMs, '2026-01-31', new Date(nowMs), () => nowMs]) {
    expect((await loadRule(tells, { clock })({})).user['now']).toEqual([nowMs, '2026-01-31T00:00:00.000Z'])
  }
})

test('the test’s own clock may be a fake one: the rule’s timers run on', async () => {
  vi.useFakeTimers()
  try {
    const outcome = await loadRule(rule(`setTimeout(() => callback(null, user, context), 5)`))({})
    expect(outcome).toAllow()
  } finally {
    vi.useRealTimers()
  }
})

test('a seed makes chance the same again', async () => {
  const draws = rule(`user.drawn = Math.random(); callback(null, user, context)`)
  const drawn = async (seed: string) => (await loadRule(draws, { seed })({})).user['drawn']
  expect(await drawn('a')).toBe(await drawn('a'))
  expect(await drawn('a')).not.toBe(await drawn('b'))
})

describe('what is wrong is named', () => {
  test.each([
    ['a file that is not there', () => loadRule('rules/missing.js'), /There are no rules at "rules\/missing\.js"/],
    ['a folder that is not there', () => loadPipeline('missing'), /There are no rules at "missing"/],
    ['a rule that is none', () => loadRule('function ('), /rule\.js:1:\d+/],
    [
      'an option that does not exist',
      () => loadRule(greets, { config: {} } as never),
      /no option config; there are configuration, auth0/,
    ],
    [
      'an option of another kind',
      () => loadRule(greets, { modules: 'x' } as never),
      /modules is a string; object belongs there/,
    ],
    [
      'an unknown network',
      () => loadRule(greets, { fetch: 'nock' } as never),
      /fetch is 'nock'; a function, 'node:http' or 'fetch'/,
    ],
    ['a name that is none', () => loadRule(greets, { globals: { 'a-b': 1 } }), /globals\.a-b is not a name/],
    [
      'a configuration that is no JSON',
      () => loadRule(greets, { configuration: join(folder, 'broken.json') }),
      /broken\.json is not valid JSON/,
    ],
    [
      'a configuration that is not there',
      () => loadRule(greets, { configuration: 'none.json' }),
      /configuration is none\.json, and there is no such file/,
    ],
  ])('%s', (_, load, message) => {
    expect(load).toThrow(message)
  })

  test('a user that is no data', async () => {
    await expect(loadRule(greets)({ now: () => 1 })).rejects.toThrow(
      /login cannot be given to rules: \/user\/now is a function/,
    )
  })

  test('a clock that shows no time', async () => {
    await expect(loadRule(greets, { clock: 'noon' })()).rejects.toThrow(/clock is noon, which is not a valid time/)
  })
})
