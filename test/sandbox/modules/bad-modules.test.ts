import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-bad-modules-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each a package, by its files. */
const packages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'names-machine-code': {
    'index.js': `exports.hash = require('./build/Release/hash.node').hash`,
    'build/Release/hash.node': '\x7fELF',
  },
  'looks-for-machine-code': { 'index.js': `exports.hash = require(process.cwd() + '/hash.node')`, 'binding.gyp': '{}' },
  'has-machine-code-or-not': {
    'index.js': `try { require('./x' + '.node') } catch (e) {} exports.ok = 1`,
    'binding.gyp': '{}',
  },
  argon2: {
    'index.js': `const load = (name) => require(name); exports.hash = () => load('./build/argon2.node')`,
    'binding.gyp': '{}',
  },
  sharp: { 'package.json': '{"name":"not-sharp"}', 'index.js': `exports.ok = 1` },
  computes: { 'index.js': `exports.ok = require(['lo', 'dash'].join(''))` },
  'computes-later': { 'index.js': `exports.load = function (name) { return require(name) }` },
  binds: { 'index.js': `exports.fs = process.binding('fs')` },
  'binds-later': { 'index.js': `exports.read = function () { return process.binding('fs') }` },
  'adds-to-builtins': {
    'index.js': `'use strict'; Array.prototype.last = function () { return this[this.length - 1] }`,
  },
  misses: { 'index.js': `require('not-there-at-all')` },
  round: {
    'index.js': `exports.first = 1; exports.there = require('./there').seen; exports.last = 2`,
    'there.js': `exports.seen = require('./index').first`,
  },
  itself: { 'index.js': `exports.me = require('itself') === exports` },
  awaits: { 'package.json': '{"type":"module"}', 'index.js': `export const x = await 1` },
  'is-no-code': { 'index.js': `exports.a = ;` },
  leads: { 'index.js': `exports.x = require('../../../../../../../../../etc/hostname')` },
}
for (const [name, files] of Object.entries(packages)) {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, 'node_modules', name, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
mkdirSync(join(folder, 'rules'))

const engine = createEngine({ rules: [], limits: { workers: 1, cpuPerRuleMs: 2_000 } })
afterAll(() => engine.close())

async function run(body: string): Promise<Outcome> {
  const script = `function (user, context, callback) { ${body}\ncallback(null, user, context) }`
  writeFileSync(join(folder, 'rules', 'asks.js'), script)
  await engine.replace(join(folder, 'rules'))
  return engine.run({ user: {}, context: {} })
}

describe(
  'a module that cannot be had fails the rule that requires it, and says what to do',
  { timeout: 60_000 },
  () => {
    test.each([
      [`require('nowhere')`, 'MODULE_NOT_FOUND', /Cannot find module 'nowhere': install it beside the rules/],
      [
        `require('names-machine-code')`,
        'MODULE_REFUSED',
        /'names-machine-code' may not be used by rules: it holds machine code \(hash\.node\).*use a package that is plain/,
      ],
      [
        `require('looks-for-machine-code')`,
        'MODULE_REFUSED',
        /'looks-for-machine-code' cannot run here: it holds machine code/,
      ],
      [
        `require('computes')`,
        'MODULE_NOT_FOUND',
        /'computes' cannot run here: Cannot find module 'lodash'.*install it/,
      ],
      [
        `require('computes-later').load('lodash')`,
        'MODULE_NOT_FOUND',
        /Cannot find module 'lodash', which a module requires/,
      ],
      [`require('binds')`, 'MODULE_REFUSED', /'binds' cannot run here: process\.binding is internal to Node/],
      [
        `require('binds-later').read()`,
        'MODULE_REFUSED',
        /process\.binding is internal to Node.*use a module that is plain/,
      ],
      [`require('misses')`, 'MODULE_NOT_FOUND', /'misses' cannot run here: Cannot find module 'not-there-at-all'/],
      [
        `require('awaits')`,
        'MODULE_REFUSED',
        /'awaits' may not be used by rules: it cannot be bundled.*plain CommonJS/,
      ],
      [`require('is-no-code')`, 'MODULE_REFUSED', /'is-no-code' may not be used by rules: it cannot be bundled/],
      [
        `require('bcrypt@3.0.0')`,
        'MODULE_REFUSED',
        /'bcrypt@3\.0\.0' may not be used by rules: it is native code.*use bcryptjs; or offer .*modules: \{ "bcrypt": \{/,
      ],
      [`bcrypt.hashSync('x')`, 'MODULE_REFUSED', /'bcrypt' may not be used by rules: it is native code.*use bcryptjs/],
      [`require('./own.js')`, 'MODULE_REFUSED', /put what the file holds into the rule, or make it a package/],
      [`require('./' + 'own')`, 'MODULE_REFUSED', /put what the file holds into the rule, or make it a package/],
      [`require('fs')`, 'MODULE_REFUSED', /it leads out of the sandbox; use fetch/],
      [`mysql({})`, 'MODULE_NOT_FOUND', /Cannot find module 'mysql': install it beside the rules/],
      [`require('net').connect('/run/db.sock')`, 'MODULE_REFUSED', /a rule may not connect to a socket file/],
      [`require('http').createServer()`, 'MODULE_REFUSED', /a rule may not listen/],
    ])('%s', async (body, code, message) => {
      const { outcome, error } = await run(body)
      expect([outcome, error?.code, error?.rule]).toEqual(['error', code, 'asks'])
      expect(error?.message).toMatch(message)
    })

    test('a package that changes builtins runs, unless logins share packages', async () => {
      const body = `require('adds-to-builtins'); user.last = [1, 2].last()`
      const { user } = await run(body)
      expect(user).toEqual({ last: 2 })
      const sharing = createEngine({ rules: join(folder, 'rules'), moduleState: 'shared', limits: { workers: 1 } })
      const { error } = await sharing.run({ user: {}, context: {} })
      await sharing.close()
      expect(error?.code).toBe('MODULE_REFUSED')
      expect(error?.message).toMatch(/Cannot add property last.*changes builtins needs realm: 'fresh'/)
    })

    test('modules that require one another in a circle find what is there by then, as in Node', async () => {
      const { user } = await run(`user.round = require('round'); user.me = require('itself').me`)
      expect(user).toMatchObject({ round: { first: 1, there: 1, last: 2 }, me: true })
    })

    test('a package that is known for machine code is refused if it has some, and not for its name', async () => {
      const { error } = await run(`require('argon2')`)
      expect(error?.message).toMatch(/'argon2' may not be used by rules: it holds machine code \(argon2\)/)
      const { user } = await run(`user.ok = require('sharp').ok`)
      expect(user).toMatchObject({ ok: 1 })
    })

    test('machine code that a module can do without is no reason', async () => {
      const { user } = await run(`user.ok = require('has-machine-code-or-not').ok`)
      expect(user).toMatchObject({ ok: 1 })
    })

    test('a module that cannot be bundled takes no other with it', async () => {
      const { user } = await run(
        `user.ok = require('round').first; try { require('awaits') } catch (e) { user.code = e.code }`,
      )
      expect(user).toMatchObject({ ok: 1, code: 'MODULE_REFUSED' })
    })

    test('no file is read that is no module', async () => {
      const { error } = await run(`require('leads')`)
      expect(error?.code).toMatch(/^MODULE_/)
    })
  },
)
