import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** The house, lowest floor first. A room may import from the floors below it, never from its own floor or above. */
const floors = [
  ['errors'],
  ['profile'],
  ['rules', 'sandbox', 'tokens', 'store'],
  ['engine'],
  ['recording', 'migration', 'coverage'],
  ['login'],
  ['http'],
  ['adapters', 'testing', 'playground'],
  ['cli'],
]

/** Packages that belong to one room. */
const owners: Readonly<Record<string, string>> = {
  'isolated-vm': 'sandbox',
  jose: 'tokens',
  kysely: 'store',
  pg: 'store',
  ses: 'sandbox',
}

const files = globSync('src/*/**/*.{ts,tsx}')
const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room))
const roomOf = (path: string): string => path.split('/')[1] ?? ''

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier)
}

test('every room has a floor', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => floorOf(room) < 0)).toEqual([])
})

test('every file imports only from lower floors', () => {
  const arrows = files.flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })))
  const wrong = arrows.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false
    const room = roomOf(join(dirname(file), specifier))
    return room !== roomOf(file) && floorOf(room) >= floorOf(roomOf(file))
  })
  expect(arrows.length).toBeGreaterThan(files.length)
  expect(wrong).toEqual([])
})

test.each(Object.entries(owners))('%s is imported by %s alone', (name, owner) => {
  expect(files.filter((file) => roomOf(file) !== owner && importsOf(file).includes(name))).toEqual([])
})

test('the sandbox knows of the profile room only its types', () => {
  const sandbox = files.filter((file) => roomOf(file) === 'sandbox')
  const lines = sandbox.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  expect(lines.filter((line) => /^import (?!type )/.test(line) && line.includes('/profile/'))).toEqual([])
})

test('the overlay needs nothing of Node, so that it runs in a browser', () => {
  const reached = new Set<string>()
  const visit = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    for (const specifier of importsOf(file)) {
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
