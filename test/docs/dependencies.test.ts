import { readFileSync } from 'node:fs'
import type { Table } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { readPage } from '../../scripts/docs/read-page.ts'

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const [installed = [], peers = [], bundled = [], developed = []] = listTables()

/** Lists the packages of each table of the page: the code in its first column. */
function listTables(): readonly (readonly string[])[] {
  const tables: string[][] = []
  visit(readPage('docs/dependencies.md').tree, 'table', ({ children: [, ...rows] }: Table) => {
    const names: string[] = []
    for (const { children } of rows) {
      visit(children[0] ?? { type: 'text', value: '' }, 'inlineCode', (code) => void names.push(toString(code)))
    }
    tables.push(names)
  })
  return tables
}

const isListed = (name: string, list: readonly string[]): boolean =>
  list.some((entry) => entry === name || (entry.endsWith('*') && name.startsWith(entry.slice(0, -1))))

test('every package that an installation brings has a row that says why', () => {
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)]
  expect(names.filter((name) => !isListed(name, installed))).toEqual([])
})

test('every package that users install if they need it has a row that says what needs it', () => {
  expect(Object.keys(manifest.peerDependencies).filter((name) => !isListed(name, peers))).toEqual([])
})

test('every package that development needs has a row that says why', () => {
  const names = Object.keys(manifest.devDependencies).filter((name) => !name.startsWith('@types/'))
  expect(names.filter((name) => !isListed(name, [...installed, ...peers, ...bundled, ...developed]))).toEqual([])
})

test('the page names no package that is not there', () => {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies })
  const isThere = (entry: string): boolean => names.some((name) => isListed(name, [entry]))
  expect([...installed, ...peers, ...bundled, ...developed].filter((entry) => !isThere(entry))).toEqual([])
})
