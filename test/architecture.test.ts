import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** The folders of `src`, lowest layer first. A folder imports from lower layers only, never from its own layer or above. */
const layers = [
  ['errors', 'cache'],
  ['schema'],
  ['profile'],
  ['rules', 'sandbox', 'tokens', 'store'],
  ['engine'],
  ['recording', 'migration', 'coverage'],
  ['login'],
  ['http'],
  ['adapters', 'testing', 'playground'],
  ['cli'],
]

/** The same for the folders of `src/sandbox`; it has no other files. */
const sandboxLayers = [['wire'], ['guest', 'modules'], ['net'], ['worker', 'host']]

/** Packages that belong to one folder. */
const owners: Readonly<Record<string, string>> = {
  'isolated-vm': 'sandbox',
  jose: 'tokens',
  kysely: 'store',
  'lru-cache': 'cache',
  pg: 'store',
  ses: 'sandbox',
}

/** Folders of contracts: their files declare types, and nothing that runs. */
const contracts = 'src/{engine/ports,store/contract}/**/*.ts'

const files = globSync('src/*/**/*.{ts,tsx}')
const getFolder = (path: string, depth = 1): string => path.split('/')[depth] ?? ''

function listImports(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier)
}

/** Imports that do not point down; `depth` says at which level of the path the layers lie. */
function findWrongImports(sources: readonly string[], order: readonly string[][], depth: number): object[] {
  const getLayer = (path: string): number => order.findIndex((names) => names.includes(getFolder(path, depth)))
  const isInside = (path: string): boolean => sources.includes(path)
  return sources.flatMap((file) =>
    listImports(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({ file, target: join(dirname(file), specifier) }))
      .filter(({ target }) => isInside(target) && getFolder(target, depth) !== getFolder(file, depth))
      .filter(({ target }) => getLayer(target) >= getLayer(file)),
  )
}

test('every folder has a layer', () => {
  const sandbox = files.filter((file) => getFolder(file) === 'sandbox')
  expect(new Set(files.map((file) => getFolder(file)))).toEqual(new Set(layers.flat()))
  expect(new Set(sandbox.map((file) => getFolder(file, 2)))).toEqual(new Set(sandboxLayers.flat()))
})

test('every file imports only from lower layers', () => {
  expect(files.flatMap(listImports).length).toBeGreaterThan(files.length)
  expect(findWrongImports(files, layers, 1)).toEqual([])
})

test('inside the sandbox, every file imports only from lower layers', () => {
  const sandbox = files.filter((file) => getFolder(file) === 'sandbox')
  expect(findWrongImports(sandbox, sandboxLayers, 2)).toEqual([])
})

test.each(Object.entries(owners))('%s is imported by %s alone', (name, owner) => {
  expect(files.filter((file) => getFolder(file) !== owner && listImports(file).includes(name))).toEqual([])
})

test('the sandbox imports only types of the profile', () => {
  const sandbox = files.filter((file) => getFolder(file) === 'sandbox')
  const lines = sandbox.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  expect(lines.filter((line) => /^import (?!type )/.test(line) && line.includes('/profile/'))).toEqual([])
})

test('contracts declare types only', () => {
  const runtime = /^(?:export )?(?:async )?(?:const|let|function|class)\b|^import (?!type )/m
  expect(globSync(contracts).length).toBeGreaterThan(10)
  expect(globSync(contracts).filter((file) => runtime.test(readFileSync(file, 'utf8')))).toEqual([])
})

/** Node's own names: several of its modules export the same, and so do ours that replace them. */
const replacesNode = /^src\/sandbox\/(?:guest\/node|net\/guest)\//

test('every exported name is declared in one file', () => {
  const homes = new Map<string, string[]>()
  for (const file of files.filter((one) => !replacesNode.test(one))) {
    const source = readFileSync(file, 'utf8')
    for (const [, name = ''] of source.matchAll(/^export (?:async )?(?:const|function|type|interface|class) (\w+)/gm)) {
      homes.set(name, [...new Set([...(homes.get(name) ?? []), file])])
    }
  }
  expect(homes.size).toBeGreaterThan(1_000)
  // All entries of the guest are called the same way.
  homes.delete('boot')
  expect([...homes].filter(([, places]) => places.length > 1)).toEqual([])
})

test('the overlay needs nothing of Node, so that it runs in a browser', () => {
  const reached = new Set<string>()
  const visit = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    for (const specifier of listImports(file)) {
      expect(specifier, file).toMatch(/^\./)
      visit(join(dirname(file), specifier))
    }
  }
  visit('src/profile/overlay/overlay.ts')
  expect(reached.size).toBeGreaterThan(1)
})

test('no file is longer than 250 lines', () => {
  const sources = [...files, ...globSync('src/*/**/*.css'), ...globSync('src/*.ts'), ...globSync('test/**/*.ts')]
  const long = sources.filter((file) => readFileSync(file, 'utf8').split('\n').length > 251)
  expect(long).toEqual([])
})

test('the name of every test file says in which project it runs', () => {
  const named = globSync('{test,rules-examples}/**/*.{test,tests,spec}.{ts,tsx,js}', {
    exclude: ['**/node_modules/**'],
  })
  const known = /^[\w-]+(\.(all|battery|databases|nightly))?\.test\.ts$/
  expect(named.length).toBeGreaterThan(200)
  expect(named.filter((file) => !known.test(basename(file)))).toEqual([])
})
