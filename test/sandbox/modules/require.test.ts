import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { login, rule, useEngine } from '../../engine/use-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-modules-'))
afterAll(() => rmSync(folder, { recursive: true }))

function install(name: string, files: Readonly<Record<string, string>>): void {
  const place = join(folder, 'node_modules', name)
  mkdirSync(place, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text)
}

install('counter', {
  'package.json': '{"version":"2.0.1"}',
  'index.js': 'exports.settings = { step: 1 }; exports.name = "counter"',
})
install('reads-files', {
  'index.js': 'const fs = require("fs"); exports.ok = 1; exports.read = () => fs.readFileSync("/etc/passwd")',
})
install('levels', {
  'index.js':
    'function Level() {} Level.prototype.n = 0; Level.prototype.up = function () { this.n = this.n + 1 }; module.exports = Level',
})
install('throws', { 'index.js': 'throw new Error("not today")' })
install('calls-out', { 'index.js': 'exports.started = typeof setTimeout(function () {}, 1)' })
install('optional', { 'index.js': 'try { require("not-there-at-all") } catch (e) { exports.without = true }' })

const { engine, run: runScripts } = useEngine({ modulesFolder: folder })

/** The outcomes of so many logins of the same rule. */
async function run(body: string, logins = 1): Promise<Outcome[]> {
  const outcomes = [await runScripts(rule(`${body}\ncallback(null, user, context)`))]
  while (outcomes.length < logins) outcomes.push(await engine.run(login))
  return outcomes
}

async function user(body: string): Promise<Record<string, unknown>> {
  const [outcome] = await run(body)
  expect(outcome?.reason).toBeUndefined()
  return outcome?.user ?? {}
}

async function failure(body: string): Promise<string> {
  const [outcome] = await run(body)
  expect(outcome?.outcome).toBe('error')
  return `${outcome?.error?.code}: ${outcome?.error?.message}`
}

describe('require', () => {
  test("finds a package in the rules folder's own node_modules, also by a version and by a file of it", async () => {
    const body = `user.a = require('counter').name; user.b = require('counter@1.0.0/index.js').name`
    const script = rule(`${body}\ncallback(null, user, context)`)
    writeFileSync(join(folder, 'finds.js'), script)
    await engine.replace(folder)
    expect((await engine.run(login)).user).toMatchObject({ a: 'counter', b: 'counter' })
  })

  test('gives the same exports each time within a login', async () => {
    expect(await user(`user.same = require('counter') === require('counter')`)).toMatchObject({ same: true })
  })

  test('keeps the instances of a constructor apart, and its prototype as it was', async () => {
    const [, second] = await run(
      `const Level = require('levels'), one = new Level(), other = new Level(); one.up(); one.up();
      user.found = [one.n, other.n, Object.keys(one)]; Level.prototype['n'] = 7; user.set = new Level().n`,
      2,
    )
    expect(second?.user).toMatchObject({ found: [2, 0, ['n']], set: 7 })
  })

  test('says of a module that is not there what to do about it', async () => {
    expect(await failure(`require('left-pad-2')`)).toMatch(
      /^MODULE_NOT_FOUND: Cannot find module 'left-pad-2': install/,
    )
    expect(await failure(`require('left' + '-pad')`)).toMatch(
      /^MODULE_NOT_FOUND: .*a rule must require it by a literal name/,
    )
  })

  const refused = [
    'fs',
    'node:fs',
    'child_process',
    '../x',
    '/etc/passwd',
    './0.js',
    'node:sqlite',
    'fs/promises',
    'vm',
  ]

  test(`refuses ${refused.join(', ')}`, async () => {
    const scripts = refused.map((name) => ({ script: rule(`require('${name}')`), onError: 'skip' as const }))
    const { rules } = await runScripts(scripts)
    const codes = rules.map(({ error }, index) => [refused[index], error?.code])
    expect(codes).toEqual(refused.map((name) => [name, 'MODULE_REFUSED']))
  })

  test('takes a module that mentions files, and fails where it uses them', async () => {
    expect(await user(`user.ok = require('reads-files').ok`)).toMatchObject({ ok: 1 })
    expect(await failure(`require('reads-files').read()`)).toMatch(/^MODULE_REFUSED: /)
  })

  test('tells why a module cannot start, when it is required', async () => {
    expect(await failure(`require('throws')`)).toBe("MODULE_REFUSED: Module 'throws' cannot run here: not today")
    expect(await failure(`require('calls-out')`)).toContain('cannot call out or set timers while it starts')
    expect(await user(`try { require('throws') } catch (e) { user.code = e.code }`)).toMatchObject({
      code: 'MODULE_REFUSED',
    })
  })

  test('lets a module try another that is not there', async () => {
    expect(await user(`user.without = require('optional').without`)).toMatchObject({ without: true })
  })
})

describe('between two logins', () => {
  test('nothing that a rule wrote to exports is left, where the text shows it', async () => {
    const body = `var c = require('counter'); user.met = c.settings.step; c.settings.step = 'changed'; user.own = c.settings.step`
    for (const { user: found } of await run(body, 2)) expect(found).toMatchObject({ met: 1, own: 'changed' })
  })

  test('nothing is left where the text hides it', async () => {
    const body = `var c = require('counter'); user.met = c.settings.step; (function (x) { x.step = 'changed' })(c.settings)`
    for (const { user: found } of await run(body, 2)) expect(found).toMatchObject({ met: 1 })
  })

  test('builtins that a rule changes are as they were', async () => {
    const body = `user.met = typeof ''.shout; String.prototype.shout = function () { return this.toUpperCase() }; user.now = 'a'.shout()`
    for (const { user: found } of await run(body, 2)) expect(found).toMatchObject({ met: 'undefined', now: 'A' })
  })
})

const scope: readonly (readonly [name: string, expression: string, expected: unknown])[] = [
  ['_', `_.camelCase('a b')`, 'aB'],
  ['jwt', `jwt.verify(jwt.sign({ a: 1 }, 'secret', { expiresInMinutes: 5 }), 'secret').a`, 1],
  ['crypto', `crypto.createHash('sha1').update('a').digest('hex')`, '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['querystring', `querystring.stringify({ a: 1 })`, 'a=1'],
  ['uuid', `uuid.v4().length`, 36],
  ['xpath', `xpath.select('string(//b)', new xmldom.DOMParser().parseFromString('<a><b>c</b></a>', 'text/xml'))`, 'c'],
  ['xtend', `xtend({ a: 1 }, { b: 2 }).b`, 2],
  ['q', `typeof q.when(1).then`, 'function'],
  ['async', `typeof async.waterfall`, 'function'],
  ['process', `/^v\\d+/.test(process.version) && Object.keys(process.env).length`, 0],
]

describe('what Auth0 put into the scope of rules', () => {
  test(`is there for rules that name it: ${scope.map(([name]) => name).join(', ')}`, async () => {
    // A rule for each: none finds what another has named.
    const rules = scope.map(([name, expression]) =>
      rule(`user['${name}'] = ${expression}\ncallback(null, user, context)`),
    )
    const { reason, user: found } = await runScripts(rules)
    expect(reason).toBeUndefined()
    expect(found).toMatchObject(Object.fromEntries(scope.map(([name, , expected]) => [name, expected])))
  })

  test('is not there for rules that do not name it', async () => {
    expect(await user(`user.value = Object.getOwnPropertyNames(globalThis).includes('_')`)).toMatchObject({
      value: false,
    })
  })
})
