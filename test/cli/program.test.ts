import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { Flag } from '../../src/cli/program/flag.ts'
import { hookVendors } from '../../src/http/hooks/hook-vendors.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith, mainFile } from './command.ts'

/** Every command that does something, with the words that call it. */
function listCommands(command: Command, words: readonly string[] = []): (readonly [string, Command])[] {
  return command.commands.flatMap((one) => {
    const path = [...words, one.name()]
    return one.commands.length > 0 ? listCommands(one, path) : [[path.join(' '), one] as const]
  })
}

const commands = listCommands(createProgram()).filter(([name]) => name !== 'help')

test('--version and -v print the version', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  for (const flag of ['--version', '-v'])
    expect(await claimsmith(flag)).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
})

test('--help and -h list every command on stdout', async () => {
  for (const flag of ['--help', '-h']) {
    const { exitCode, stdout, stderr } = await claimsmith(flag)
    expect([exitCode, stderr]).toEqual([0, ''])
    for (const [name] of commands) expect(stdout).toMatch(new RegExp(`^  ${name.split(' ')[0]} `, 'm'))
  }
})

describe.each(commands)('the help of %s', (name, command) => {
  test('is the same after help and before --help, with flags, examples and exit codes', async () => {
    const words = name.split(' ')
    const help = await claimsmith(...words, '--help')
    expect(await claimsmith('help', ...words)).toEqual(help)
    expect([help.exitCode, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toMatch(new RegExp(`^Usage: claimsmith ${name} \\[flags\\]`))
    for (const option of command.options) expect(help.stdout).toContain(`  ${option.flags} `)
    expect(help.stdout).toContain(`\nExamples:\n  claimsmith ${name} `)
    expect(help.stdout).toMatch(/\nExit codes:\n {2}0 {2}\S.*\n {2}1 {2}\S.*\n {2}2 {2}Wrong usage\.\n$/)
    expect(help.stdout).not.toContain('option')
  })

  test('has whole sentences, which tables of the documentation show', () => {
    expect(command.description()).toMatch(/^[A-Z].*\.$/)
    for (const option of command.options)
      expect([option.flags, option.description]).toEqual([option.flags, expect.stringMatching(/^[A-Z].*\.$/)])
  })

  test('has flags that the configuration file can check', () => {
    expect(command.options.filter((option) => !(option instanceof Flag))).toEqual([])
  })
})

test('the hooks in the help are those that there are', async () => {
  const { stdout } = await claimsmith('serve', '--help')
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`CLAIMSMITH_<VENDOR>_SECRET: ${hookVendors.join(', ')}.`)
})

test.each([['--version'], ['--help'], ['run', '--help'], ['run', '--fast']])(
  '%s %s loads the command line, and no command, engine or server',
  (...args) => {
    const folder = temporaryFolder({
      'list-loaded.mjs': `import { registerHooks } from 'node:module'
        registerHooks({ load(url, context, next) { console.error('loaded ' + url); return next(url, context) } })`,
    })
    const { stderr } = spawnSync(process.execPath, ['--import', join(folder, 'list-loaded.mjs'), mainFile, ...args])
    const loaded = [...String(stderr).matchAll(/^loaded file:.*\/((?:src|node_modules)\/.*)$/gm)].map(
      ([, path = '']) => path,
    )
    expect(loaded).toContain('src/cli/program.ts')
    const isLight =
      /^(?:src\/cli\/(?:[^/]*|program\/.*|print\/describe-mistake\.ts)|src\/errors\/.*|src\/.*\/(?:hook-vendors|reporters|store-url)\.ts|node_modules\/commander\/.*)$/
    expect(loaded.filter((path) => !isLight.test(path))).toEqual([])
  },
)
