import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test, vi } from 'vitest'
import { buildConfigSchema } from '../../src/cli/config/build-config-schema.ts'
import { createProgram } from '../../src/cli/program.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { files, flags, found, readClaim, runIn } from './config-case.ts'

describe('the configuration file', () => {
  test('gives every flag that the command line does not give', async () => {
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': flags })
    expect(await readClaim(folder, 'rules')).toEqual(found)
    expect(await readClaim(folder, 'rules', '--user', 'other.json')).toEqual(['flag@example.com', ...found.slice(1)])
  })

  test('names itself if its rules are not there', async () => {
    const folder = temporaryFolder({ 'claimsmith.config.json': { rules: 'missing' }, 'empty.json': {} })
    for (const command of ['run', 'check', 'convert', 'dev']) {
      const { exitCode, stderr } = await runIn(folder, command)
      const message = 'missing: there is no such file or folder (rules comes from claimsmith.config.json)'
      expect([exitCode, stderr]).toEqual([2, `claimsmith: ${message}\n`])
    }
    const { stderr } = await runIn(folder, 'run', '--config', 'empty.json')
    expect(stderr).toMatch(/^claimsmith: run needs <rules>, or "rules" in empty\.json\n/)
  })

  test('may be elsewhere, and its paths are relative to it', async () => {
    const folder = temporaryFolder({ ...files, 'settings/ci.json': { user: 'user.json', modules: './lib' } })
    const claim = await readClaim(folder, 'rules', '--config', 'settings/ci.json')
    expect(claim).toEqual(['config@example.com', 'oidc-basic-profile', null, 'good morning'])
  })

  test('gives a flag that a command needs, and applies to those only that have the flag', async () => {
    const config = { connection: 'Users', store: 'sqlite:settings/users.db', port: 8080, user: 'other.json' }
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': config, 'users.json': '[]' })
    const { exitCode, stderr } = await runIn(folder, 'users', 'import', 'users.json')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--connection Users: there is no such connection;')])
    expect(stderr).toContain('(--connection comes from claimsmith.config.json)')
    expect(existsSync(join(folder, 'settings/users.db'))).toBe(true)
    const check = await runIn(folder, 'check', 'rules')
    expect([check.exitCode, check.stderr]).toEqual([1, ''])
  })

  test('leaves out what conflicts with the command line', async () => {
    const folder = temporaryFolder({ 'claimsmith.config.json': { store: 'sqlite:data.db', rules: 'missing' } })
    const { stderr } = await runIn(folder, 'serve', '--demo')
    expect(stderr).toBe(
      'claimsmith: --rules missing: there is no such file or folder (--rules comes from claimsmith.config.json)\n',
    )
  })

  test('comes after the environment', async () => {
    vi.stubEnv('PORT', 'http')
    const folder = temporaryFolder({ 'claimsmith.config.json': { port: 8080 } })
    expect((await runIn(folder, 'serve')).stderr).toContain('PORT http: give a number')
  })
})

describe('a mistake in the configuration file exits with 2, and names the file and the key', () => {
  test.each([
    [{ alowNetwork: [] }, 'there is no key alowNetwork; did you mean allowNetwork?'],
    [{ json: true }, /^there is no key json; there are \$schema, rules, user, /],
    [{ port: '8080' }, 'port "8080": give a number from 1 to 65535'],
    [{ port: 0 }, 'port 0: give a number from 1 to 65535'],
    [{ port: [8080] }, 'port [8080]: give a number from 1 to 65535'],
    [{ user: '' }, 'user "": give a path'],
    [{ modules: 5 }, 'modules 5: give a path'],
    [{ allowNetwork: ['localhost', 5] }, 'allowNetwork 5: give a text'],
    [{ hooks: 'yes' }, 'hooks "yes": give true or false'],
    [{ reporter: 'pdf' }, /^reporter "pdf": give some of text,/],
    [{ store: 'mysql://user:secret@host' }, /^store: give memory:, sqlite:<path> or /],
    [{ user: ['a.json', 'b.json'] }, 'user has 2 values, and run takes one; choose it with --user'],
  ])('%j', async (config, message) => {
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': config })
    const { exitCode, stderr } = await runIn(folder, 'run', 'rules')
    const prefix = 'claimsmith: claimsmith.config.json: '
    expect([exitCode, stderr.slice(0, prefix.length)]).toEqual([2, prefix])
    const text = stderr.slice(prefix.length).trimEnd()
    if (typeof message === 'string') expect(text).toBe(message)
    else expect(text).toMatch(message)
  })

  test.each([
    ['no JSON', { 'claimsmith.config.json': '{' }, [], /^claimsmith\.config\.json: the file is not valid JSON: /],
    ['a list', { 'claimsmith.config.json': '[]' }, [], /^claimsmith\.config\.json: the file holds no JSON object/],
    [
      'both',
      { 'claimsmith.config.json': '{}', 'claimsmith.config.js': '' },
      [],
      /json and claimsmith\.config\.js are both there/,
    ],
    [
      'no export',
      { 'a.mjs': '' },
      ['--config', 'a.mjs'],
      /^--config a\.mjs: the file exports no object; write export default/,
    ],
    [
      'an error',
      { 'a.mjs': 'throw Error("oh")' },
      ['--config', 'a.mjs'],
      /^--config a\.mjs: the file cannot be loaded: Error: oh/,
    ],
    ['missing', {}, ['--config', 'a.json'], /^--config a\.json: there is no such file\n/],
  ])('%s', async (_what, more, args, message) => {
    const { exitCode, stderr } = await runIn(temporaryFolder({ ...files, ...more }), 'run', 'rules', ...args)
    expect([exitCode, stderr.replace('claimsmith: ', '')]).toEqual([2, expect.stringMatching(message)])
  })
})

test('the shipped schema is that of the flags, and knows right from wrong', () => {
  const schema = JSON.parse(readFileSync('schemas/config.json', 'utf8')) as object
  expect(schema).toEqual(JSON.parse(JSON.stringify(buildConfigSchema(createProgram()))))
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema)
  expect(validate({ $schema: './x.json', ...flags, allowNetwork: ['localhost'], port: 8080, hooks: true })).toBe(true)
  for (const wrong of [{ alowNetwork: [] }, { port: '8080' }, { port: 0 }, { user: '' }, { hooks: 'yes' }])
    expect([wrong, validate(wrong)]).toEqual([wrong, false])
})
