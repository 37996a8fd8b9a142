import { globSync, readFileSync, symlinkSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect, test } from 'vitest'
import { assertIsolatedVm } from '../../src/sandbox/host/assert-isolated-vm.ts'
import { findErrorLine } from '../../src/sandbox/host/failed-starts.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const target = `Node.js ${process.versions.node} on ${process.platform}-${process.arch}`

/** The major version of Node.js that has an ABI (nodejs.org/en/about/previous-releases). */
const nodeOfAbi: Readonly<Record<string, string>> = { 137: '24', 147: '26' }

test('isolated-vm is found where it is installed', () => {
  expect(() => assertIsolatedVm(import.meta.url)).not.toThrow()
})

test('a package that is not installed is named, with what leaves it out', () => {
  const folder = temporaryFolder({ 'embedder.js': '' })
  expect(() => assertIsolatedVm(join(folder, 'embedder.js'))).toThrow(
    expect.objectContaining({
      code: 'SANDBOX_FAILED',
      message:
        'isolated-vm, which runs the rules, is not installed: run `npm install` with this Node.js; npm leaves it out ' +
        `on an older Node.js, with --omit=optional, or if there is no binary for ${target} and none can be compiled (docs/faq.md#which-versions-of-node-work)`,
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
        `isolated-vm, which runs the rules, has no binary for ${target}; use a version and platform that has one, or run ` +
        '`npm rebuild isolated-vm` where Python and a C++ compiler are installed (docs/faq.md#which-versions-of-node-work)',
    }),
  )
})

test('the documentation names the platforms and versions of Node.js that isolated-vm has binaries for', () => {
  const [, section = ''] =
    /## Which versions of Node work\?\n([\s\S]*?)\n## /.exec(readFileSync('docs/faq.md', 'utf8')) ?? []
  const [, sentence = ''] = /comes with binaries for ([^;]+);/.exec(section) ?? []
  const binaries = globSync('node_modules/isolated-vm/prebuilds/*/*.node').map((path) => path.split(sep))
  const abis = new Set(binaries.map((path) => /abi(\d+)/.exec(path.at(-1) ?? '')?.[1]))
  const platforms = new Set(binaries.map((path) => path.at(-2) ?? ''))
  const versions = [...abis].map((abi = '') => nodeOfAbi[abi] ?? `ABI ${abi}`).toSorted()
  expect(versions).toEqual(/^Node (\d+) and (\d+) on /.exec(sentence)?.slice(1))
  expect([...platforms].toSorted()).toEqual(sentence.match(/[a-z]+\d*-[a-z]+\d+/g)?.toSorted())
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
