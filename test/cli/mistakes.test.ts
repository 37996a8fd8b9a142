import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { folderForTests } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

/** One mistake has one wording, whatever the command. */
const folder = folderForTests({
  'rule.js': 'function (user, context, callback) { callback(null, user, context) }',
  'text.txt': 'no JSON',
  'list.json': '[]',
  'number.json': '{"KEY":1}',
})
mkdirSync(join(folder, 'empty'))
const rule = join(folder, 'rule.js')
const missing = join(folder, 'missing')
const file = (name: string): string => join(folder, name)

/** The arguments with which each command is right, up to the mistake. */
const commands: Readonly<Record<string, readonly string[]>> = {
  run: ['run', rule],
  check: ['check', rule],
  convert: ['convert', rule, '--to', join(folder, 'empty')],
  dev: ['dev', rule],
  serve: ['serve'],
  import: ['import', folder, '--to', join(folder, 'empty')],
  replay: ['replay', folder],
  explain: ['explain', '--user', 'ada@example.com', '--store', 'sqlite:x.db'],
  coverage: ['coverage', rule],
  'users import': ['users', 'import', file('list.json'), '--store', 'sqlite:x.db', '--connection', 'Users'],
}

/** Runs a command, and resolves to its exit code, what it printed, the first line of its error, and whether it made a store. */
async function tryCommand(args: readonly string[]): Promise<readonly unknown[]> {
  const separator = args[0] === 'coverage' && !args.includes('--') ? ['--', 'true'] : []
  const { exitCode, stdout, stderr } = await claimsmith(...args, ...separator)
  return [exitCode, stdout, stderr.split('\n')[0], existsSync('x.db')]
}

const mistake = (message: string): readonly unknown[] => [2, '', `claimsmith: ${message}`, false]

/** Calls of several commands with the same wrong flag. */
function withFlag(names: readonly string[], ...flag: readonly string[]): (readonly string[])[] {
  return names.map((name) => [...(commands[name] ?? []), ...flag])
}

const takesJson = ['--user', '--context', '--configuration', '--secrets', '--mappings']
const jsonFlags: readonly (readonly [command: string, flag: string])[] = [
  ...takesJson.slice(0, 4).flatMap((flag) => [['run', flag] as const, ['dev', flag] as const]),
  ...takesJson.slice(0, 2).map((flag) => ['convert', flag] as const),
  ...takesJson.slice(2, 4).flatMap((flag) => [['check', flag] as const, ['replay', flag] as const]),
  ['import', '--mappings'],
]

describe('a path', () => {
  test.each([
    ...['run', 'check', 'dev', 'convert', 'import', 'replay', 'coverage'].map((name) => [name, missing]),
    ['serve', '--rules', missing],
    ['replay', folder, '--rules', missing],
    ['explain', '--user', 'x', '--store', 'sqlite:x.db', '--rules', missing],
  ])('%s %s %s', async (...args) => {
    const flag = args.includes('--rules') ? '--rules ' : ''
    expect(await tryCommand(args)).toEqual(mistake(`${flag}${missing}: there is no such file or folder`))
  })

  test.each([
    ['explain', missing],
    ['users', 'import', missing, '--store', 'sqlite:x.db', '--connection', 'Users'],
  ])('%s %s: a file is missing', async (...args) => {
    expect(await tryCommand(args)).toEqual(mistake(`${missing}: there is no such file`))
  })

  test.each(jsonFlags)('%s %s: a file is missing', async (command, flag) => {
    expect(await tryCommand([...(commands[command] ?? []), flag, missing])).toEqual(
      mistake(`${flag} ${missing}: there is no such file`),
    )
  })

  test.each(withFlag(['run', 'check', 'dev', 'serve', 'replay', 'explain'], '--modules', missing))(
    '%s %s: a folder is missing',
    async (...args) => {
      const [first] = args
      // The store of a missing file comes after its modules would.
      if (first === 'explain') args[4] = `sqlite:${rule}`
      expect(await tryCommand(args)).toEqual(mistake(`--modules ${missing}: there is no such folder`))
    },
  )

  test.each([
    ['a file for a folder', ['run', rule, '--modules', rule], `--modules ${rule}: this is no folder; give a folder`],
    ['a folder for a file', ['run', rule, '--user', folder], `--user ${folder}: this is a folder; give a file`],
    ['a folder for a recording', ['explain', folder], `${folder}: this is a folder; give a file`],
    [
      'a store that is missing',
      ['explain', '--user', 'x', '--store', `sqlite:${missing}`],
      `--store ${missing}: there is no such file`,
    ],
    [
      'a report in no folder',
      ['replay', folder, '--junit', join(missing, 'report.xml')],
      `--junit ${missing}/report.xml: there is no folder ${missing}`,
    ],
  ])('%s', async (_what, args, message) => {
    expect(await tryCommand(args)).toEqual(mistake(message))
  })

  test.each([
    ['run', file('text.txt')],
    ['check', file('text.txt')],
    ['convert', file('text.txt')],
    ['serve', '--rules', file('text.txt')],
    ['coverage', file('text.txt')],
  ])('%s %s: a file that can be no rule', async (...args) => {
    const found = `There are no rules at "${file('text.txt')}", which is a .txt file`
    const message = `${found}: expected a folder of .js or .ts rules, or one such file.`
    expect(await tryCommand(args)).toEqual(mistake(message))
  })

  test.each([['convert'], ['import']])('%s --to: nothing is overwritten', async (name) => {
    const full = `--to ${folder}: the folder is not empty, and nothing is overwritten; empty it, or give another`
    expect(await tryCommand([name, folder, '--to', folder])).toEqual(mistake(full))
    expect(await tryCommand([name, folder, '--to', rule])).toEqual(
      mistake(`--to ${rule}: this is no folder; give a folder`),
    )
  })
})

describe('a file of JSON', () => {
  // `dev` reads its logins again at each save, and goes on if one is wrong.
  const readOnce = jsonFlags.filter(([command, flag]) => command !== 'dev' || !['--user', '--context'].includes(flag))
  test.each(readOnce)('%s %s', async (command, flag) => {
    const run = (name: string): string[] => [...(commands[command] ?? []), flag, file(name)]
    expect(await tryCommand(run('text.txt'))).toEqual(
      mistake(
        `${flag} ${file('text.txt')}: the file is not valid JSON: Unexpected token 'o', "no JSON" is not valid JSON`,
      ),
    )
    expect(await tryCommand(run('list.json'))).toEqual(
      mistake(`${flag} ${file('list.json')}: the file holds no JSON object; write { … }`),
    )
  })

  test.each(jsonFlags.filter(([, flag]) => flag === '--configuration' || flag === '--secrets'))(
    '%s %s: values are texts',
    async (command, flag) => {
      const args = [...(commands[command] ?? []), flag, file('number.json')]
      expect(await tryCommand(args)).toEqual(
        mistake(`${flag} ${file('number.json')}: KEY is not a string; write { "KEY": "…" }`),
      )
    },
  )
})

describe('a value', () => {
  const ports = '--port http: give a number from 1 to 65535'
  const stores = 'sqlite:<path> or postgres://<user>:<password>@<host>/<database>'
  test.each([
    ...withFlag(['serve', 'dev'], '--port', 'http').map((args) => [ports, args] as const),
    ...withFlag(['serve', 'dev'], '--port', '0').map((args) => [ports.replace('http', '0'), args] as const),
    ...withFlag(['run', 'dev', 'serve'], '--allow-network', 'http://localhost').map(
      (args) =>
        [
          '--allow-network http://localhost: give host, host:port or a block such as 10.0.0.0/8, not a URL',
          args,
        ] as const,
    ),
    ['--inspect=99999: give a number from 0 to 65535; 0 takes a free port', ['run', rule, '--inspect=99999']],
    ['--threshold 101: give a number from 0 to 100', ['coverage', '--threshold', '101', '--', 'true']],
    ['--threshold : give a number from 0 to 100', ['coverage', '--threshold', '', '--', 'true']],
    [
      '--reporter pdf: give some of text,text-summary,lcov,lcovonly,html,json,json-summary,cobertura',
      ['coverage', '--reporter', 'pdf', '--', 'true'],
    ],
    // The value is left out: it may hold a password.
    [`--store: give memory:, ${stores}`, ['serve', '--store', 'mysql://user:secret@host']],
    [`--store: give ${stores}`, ['import', folder, '--store', 'memory:']],
    [`--store: give ${stores}`, ['explain', '--user', 'x', '--store', 'memory:']],
    [`--store: give ${stores}`, ['users', 'import', rule, '--connection', 'x', '--store', 'memory:']],
  ] as (readonly [string, readonly string[]])[])('%s', async (message, args) => {
    expect(await tryCommand(args)).toEqual(mistake(message))
  })

  test('of the variable PORT is named after the variable', async () => {
    vi.stubEnv('PORT', 'http')
    expect(await tryCommand(['serve'])).toEqual(mistake('PORT http: give a number from 1 to 65535'))
  })
})

describe('a flag or an argument', () => {
  test.each(Object.entries(commands))('%s: unknown, without value, given twice', async (name, right) => {
    const hint = `claimsmith ${name} --help shows its flags`
    const { stderr } = await claimsmith(...right, '--confg', 'x')
    expect(stderr).toBe(`claimsmith: unknown flag --confg; did you mean --config?\n${hint}\n`)
    expect(await tryCommand([...right, '--config', '--json'])).toEqual(mistake('--config needs a value'))
    expect(await tryCommand([...right, '--config', 'a', '--config', 'a'])).toEqual(
      mistake('--config is given twice; give it once'),
    )
  })

  const rules = '<rules>, or "rules" in claimsmith.config.json'
  test.each([
    ['run', rules],
    ['check', rules],
    ['convert', rules],
    ['dev', rules],
    ['import', '<deployment>'],
    ['replay', '<recordings>'],
    ['users import', '<file>'],
  ])('%s: no argument, and too many', async (name, argument) => {
    expect(await tryCommand(name.split(' '))).toEqual(mistake(`${name} needs ${argument}`))
    expect(await tryCommand([...name.split(' '), 'a', 'b'])).toEqual(
      mistake(`${name} takes 1 argument, and got 2: a, b`),
    )
  })

  test.each([
    ['unknown command fly', ['fly']],
    ['unknown command chek; did you mean check?', ['chek', rule]],
    ['unknown command usrs; did you mean users?', ['help', 'usrs']],
    ['unknown command fly', ['help', 'fly']],
    ['unknown command imprt; did you mean import?', ['help', 'users', 'imprt']],
    ['run has no command fast', ['help', 'run', 'fast']],
    ['unknown command imprt; did you mean import?', ['users', 'imprt']],
    ['serve takes 0 arguments, and got 1: rules', ['serve', 'rules']],
    ['--json takes no value', ['run', rule, '--json=yes']],
    ['--user needs a value', ['run', rule, '--user']],
    ['--json is given twice; give it once', ['run', rule, '--json', '--json']],
    ['--demo cannot be used with --store', ['serve', '--demo', '--store', 'memory:']],
    ['--store cannot be used with a recording', ['explain', rule, '--store', 'sqlite:x.db']],
    ['explain needs <recording>, or --user <id|email> with --store <url>', ['explain']],
    ['explain needs --store <url> with --user', ['explain', '--user', 'x']],
    ['users import needs --connection <name>', ['users', 'import', rule, '--store', 'sqlite:x.db']],
    ['users import needs --store <url>', ['users', 'import', rule, '--connection', 'x']],
  ])('%s', async (message, args) => {
    expect(await tryCommand(args)).toEqual(mistake(message))
  })

  test('a misspelt command is answered in the same words after help', async () => {
    for (const words of [['rn'], ['fly'], ['users', 'imprt']]) {
      expect(await claimsmith('help', ...words)).toEqual(await claimsmith(...words))
    }
  })

  test('without a command, the help is on stderr', async () => {
    const { exitCode, stdout, stderr } = await claimsmith()
    expect([exitCode, stdout, stderr]).toEqual([2, '', (await claimsmith('--help')).stdout])
  })
})
