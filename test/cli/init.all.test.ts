import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type CommandResult, run } from '../package/installers.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { runClaimsmith } from './command.ts'

const commands = { vitest: 'vitest/vitest.mjs', tsc: 'typescript/bin/tsc', claimsmith: 'claimsmith/dist/cli/main.js' }

/** Does what `npm install` would do, with this checkout and its packages. */
function linkPackages(folder: string): void {
  const target = join(folder, 'node_modules')
  mkdirSync(join(target, '.bin'), { recursive: true })
  symlinkSync(resolve('.'), join(target, 'claimsmith'), 'junction')
  for (const name of ['vitest', 'typescript', '@types'])
    symlinkSync(resolve('node_modules', name), join(target, name), 'junction')
  for (const [name, file] of Object.entries(commands)) symlinkSync(join('..', file), join(target, '.bin', name))
}

test('a new project has green tests, right types, and a rule that runs', { timeout: 60_000 }, async () => {
  const folder = join(temporaryFolder({}), 'my-rules')
  expect(await runClaimsmith('init', folder)).toMatchObject({ exitCode: 0, stderr: '' })
  linkPackages(folder)
  const environment = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
  const runHere = (file: string, ...args: string[]): Promise<CommandResult> => run(file, args, folder, environment)
  expect(await runHere('npm', 'test')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 passed') })
  expect(await runHere('npx', '--no-install', 'tsc', '--noEmit')).toMatchObject({ exitCode: 0, output: '' })
  const { exitCode, stdout } = await runHere('npx', '--no-install', 'claimsmith', 'run', 'rules', '--json')
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([
    0,
    { outcome: 'allow', claims: { idToken: { 'https://example.com/plan': 'free' } } },
  ])
  expect(await runHere('npx', '--no-install', 'claimsmith', 'check', 'rules')).toMatchObject({ exitCode: 0 })
})

test('the types of a new project find a mistake in its rule', { timeout: 60_000 }, async () => {
  const folder = join(temporaryFolder({}), 'my-rules')
  await runClaimsmith('init', folder)
  linkPackages(folder)
  const file = join(folder, 'rules/10-plan.js')
  writeFileSync(file, readFileSync(file, 'utf8').replace('callback(null, user, context)', 'callback(user.nmae)'))
  const { exitCode, output } = await run('npx', ['--no-install', 'tsc'], folder)
  expect([exitCode, output]).not.toEqual([0, ''])
  expect(output).toContain('rules/10-plan.js')
})
