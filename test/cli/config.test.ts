import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { buildConfigSchema } from '../../src/cli/config/build-config-schema.ts'
import { createProgram } from '../../src/cli/program.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { type Finished, claimsmith } from './command.ts'

const script = `function (user, context, callback) {
  context.idToken.found = [user.email, context.protocol, configuration.KEY, require('greets').greeting]
  callback(null, user, context)
}`
const files = {
  'rules/find.js': script,
  'settings/user.json': { email: 'config@example.com' },
  'settings/context.json': { protocol: 'samlp' },
  'settings/configuration.json': { KEY: 'of the file' },
  'settings/lib/node_modules/greets/package.json': { name: 'greets', version: '1.0.0' },
  'settings/lib/node_modules/greets/index.js': `exports.greeting = 'good morning'`,
  'other.json': { email: 'flag@example.com' },
}
const flags = {
  user: 'settings/user.json',
  context: 'settings/context.json',
  configuration: 'settings/configuration.json',
  modules: 'settings/lib',
}

/** Runs a command in a folder with these files, as if the current folder was that one. */
function runIn(folder: string, ...args: string[]): Promise<Finished> {
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
  return claimsmith(...args)
}

async function readClaim(folder: string, ...args: string[]): Promise<unknown> {
  const { stdout, stderr } = await runIn(folder, 'run', ...args, '--json')
  expect(stderr).toBe('')
  return (JSON.parse(stdout) as { claims: { idToken: { found: unknown } } }).claims.idToken.found
}

const found = ['config@example.com', 'samlp', 'of the file', 'good morning']

describe('the configuration file', () => {
  test('gives every flag that the command line does not give', async () => {
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': flags })
    expect(await readClaim(folder, 'rules')).toEqual(found)
    expect(await readClaim(folder, 'rules', '--user', 'other.json')).toEqual(['flag@example.com', ...found.slice(1)])
  })

  test('may be a module', async () => {
    const code = `export default ${JSON.stringify(flags)}`
    const folder = temporaryFolder({ ...files, 'package.json': { type: 'module' }, 'claimsmith.config.js': code })
    expect(await readClaim(folder, 'rules')).toEqual(found)
  })

  test('gives the rules to every command that works on them, and the command line replaces them', async () => {
    const config = { ...flags, rules: 'rules' }
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': config, 'one.js': script })
    expect(await readClaim(folder)).toEqual(found)
    expect((await runIn(folder, 'check')).stdout).toMatch(/^. find .*\n\n1 rule runs/m)
    expect((await runIn(folder, 'convert')).stdout).toMatch(/^. find /)
    expect((await runIn(folder, 'check', 'one.js')).stdout).toMatch(/^. one .*\n\n1 rule runs/m)
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

  test('may have several values for a flag that repeats, and the command line replaces them', async () => {
    const allowNetwork = ['localhost:1', 'http://localhost']
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': { ...flags, allowNetwork } })
    const { exitCode, stderr } = await runIn(folder, 'run', 'rules')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--allow-network http://localhost: give host')])
    expect(stderr).toContain('(--allow-network comes from claimsmith.config.json)')
    expect(await readClaim(folder, 'rules', '--allow-network', 'localhost:2')).toEqual(found)
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
