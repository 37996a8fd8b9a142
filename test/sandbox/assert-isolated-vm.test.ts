import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assertIsolatedVm } from '../../src/sandbox/assert-isolated-vm.ts'
import { findErrorLine } from '../../src/sandbox/start-failure.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const target = `Node.js ${process.versions.node} (ABI ${process.versions.modules}) on ${process.platform}-${process.arch}`

test('isolated-vm is found where it is installed', () => {
  expect(() => assertIsolatedVm(import.meta.url)).not.toThrow()
})

test('a package that is not installed is named, with what leaves it out', () => {
  const folder = temporaryFolder({ 'embedder.js': '' })
  expect(() => assertIsolatedVm(join(folder, 'embedder.js'))).toThrow(
    expect.objectContaining({
      code: 'SANDBOX_FAILED',
      message:
        'isolated-vm, which runs the rules, is not installed; install again with this Node.js ' +
        '(npm leaves it out on an older Node.js, with --omit=optional, and if it cannot be compiled)',
    }),
  )
})

test('a package without a binary for this Node.js and platform is told from one that is missing', () => {
  const folder = temporaryFolder({ 'node_modules/isolated-vm/index.js': '' })
  const loader = join('node_modules', 'node-gyp-build')
  symlinkSync(join(process.cwd(), loader), join(folder, loader), 'junction')
  expect(() => assertIsolatedVm(join(folder, 'embedder.js'))).toThrow(
    expect.objectContaining({
      code: 'SANDBOX_FAILED',
      message:
        `isolated-vm, which runs the rules, has no binary for ${target}; use a version and platform of "Node versions" in ` +
        'the README, or run `npm rebuild isolated-vm` where Python and a C++ compiler are installed',
    }),
  )
})

test('a package that finds its binary in another way is left to the worker', () => {
  const folder = temporaryFolder({ 'node_modules/isolated-vm/index.js': '' })
  expect(() => assertIsolatedVm(join(folder, 'embedder.js'))).not.toThrow()
})

test.each([
  [
    'the error of an exception',
    "/x.js:60\n  throw new Error('a: b')\n  ^\n\nError: a: b\n    at x\n\nNode.js v24",
    'Error: a: b',
  ],
  [
    'an error with a code',
    'node:internal:1\n\nTypeError [ERR_X]: it is wrong\n    at x',
    'TypeError [ERR_X]: it is wrong',
  ],
  [
    'the first line where nothing looks like an error',
    '\nnode: bad option: --permission\n',
    'node: bad option: --permission',
  ],
  ['nothing where nothing was written', '', ''],
])('the reason of a failed start is %s', (_what, stderr, line) => {
  expect(findErrorLine(stderr)).toBe(line)
})
