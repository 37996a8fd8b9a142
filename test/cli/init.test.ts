import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

const files = [
  '.gitignore',
  'claimsmith.config.json',
  'package.json',
  'rules/10-plan.js',
  'rules/configuration.json',
  'test/10-plan.test.js',
  'tsconfig.json',
]

const listFiles = (folder: string): string[] =>
  globSync('**/{*,.gitignore}', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()

test('writes a project into a new folder, and says what to do next', async () => {
  const folder = join(temporaryFolder({}), 'My Rules')
  const { exitCode, stdout, stderr } = await claimsmith('init', folder)
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(listFiles(folder)).toEqual(files)
  for (const file of files) expect(stdout).toContain(`  ${file}\n`)
  expect(stdout).toContain(`Next:\n  cd '${folder}' && npm install\n  npm test\n  npm run dev\n`)
})

test('the package has the name of its folder, and needs this version', async () => {
  const folder = join(temporaryFolder({}), 'My Rules')
  await claimsmith('init', folder)
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
    name: 'my-rules',
    private: true,
    devDependencies: { claimsmith: `^${version}` },
  })
})

test('without a folder, it is the current one, which may have other files', async () => {
  const folder = temporaryFolder({ 'README.md': 'mine' })
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
  const { exitCode, stdout } = await claimsmith('init')
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Next:\n  npm install\n')])
  expect(stdout).toMatch(/^✓ The current folder has a rule and its test:\n/)
  expect((await claimsmith('init')).stderr).toMatch(/^claimsmith: the current folder has rules\/10-plan\.js, /)
  expect(listFiles(folder)).toEqual(['.gitignore', 'README.md', ...files.slice(1)])
})

test('a folder that has some of the files stays as it is: exit code 2, and their names', async () => {
  const folder = temporaryFolder({ 'package.json': '{}', 'rules/10-plan.js': 'mine' })
  const { exitCode, stdout, stderr } = await claimsmith('init', folder)
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toBe(
    `claimsmith: ${folder}: the folder has rules/10-plan.js, package.json, and nothing is overwritten; give another folder\n`,
  )
  expect(listFiles(folder)).toEqual(['package.json', 'rules/10-plan.js'])
})

test('a folder that cannot be made is a failure: exit code 1, and what the system says', async () => {
  const folder = temporaryFolder({ 'a.txt': '' })
  const { exitCode, stderr } = await claimsmith('init', join(folder, 'a.txt', 'project'))
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^claimsmith: ENOTDIR: .*\n$/)])
})

test('a file in the place of the folder is wrong usage', async () => {
  const folder = temporaryFolder({ 'a.txt': '' })
  const { exitCode, stderr } = await claimsmith('init', join(folder, 'a.txt'))
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('this is no folder; give a folder')])
})
