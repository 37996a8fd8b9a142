import { symlinkSync, mkdirSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { expect, test } from 'vitest'
import { findReadableFolders } from '../../src/sandbox/host/readable-folders.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const manifest = { name: 'claimsmith' }
const outside = resolve('node_modules') + sep

/** Makes our package at a path below a project that has a name, and links what it requires. */
function makePackage(path: string): { readonly project: string; readonly own: string } {
  const project = temporaryFolder({
    'package.json': { name: 'project' },
    '.env': 'SECRET=1',
    [`${path}/package.json`]: manifest,
  })
  const own = join(project, path)
  mkdirSync(join(own, 'node_modules'), { recursive: true })
  for (const name of ['isolated-vm', 'undici']) {
    symlinkSync(resolve('node_modules', name), join(own, 'node_modules', name), 'junction')
  }
  return { project, own: own + sep }
}

test('a worker may read our package and what it requires, and nothing of the project around a checkout', () => {
  const { own } = makePackage('packages/claimsmith')
  const folders = findReadableFolders(own).map((folder) => (folder.endsWith(sep) ? folder : folder + sep))
  expect(new Set(folders)).toEqual(new Set([own, outside]))
})

test('a worker may read the node_modules that our package is installed in, and no more of the project', () => {
  const { project, own } = makePackage('node_modules/claimsmith')
  const folders = findReadableFolders(own)
  expect(new Set(folders)).toEqual(new Set([own, join(project, 'node_modules') + sep, outside]))
})
