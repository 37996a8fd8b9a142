import { globSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { bundleModules } from '../../../src/sandbox/modules/bundle.ts'
import { providedPackages } from '../../../src/sandbox/modules/module-catalogue.ts'
import { useEngine } from '../../engine/use-engine.ts'

const { run } = useEngine({ limits: { cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000 } })
const require = createRequire(import.meta.url)

async function find(body: string): Promise<unknown> {
  const { reason, user } = await run(`function (user, context, callback) { ${body}; callback(null, user, context) }`)
  expect(reason).toBeUndefined()
  return user['found']
}

test('every file of a package that rules need not install can be required as with Node, but not the inner files of lodash', () => {
  const specifiers = providedPackages.flatMap((name) =>
    globSync('**/*.js', { cwd: `node_modules/${name}`, exclude: ['node_modules', 'test.js', '**/_[a-z]*'] })
      .map((file) => `${name}/${file.replace(/\.js$/, '')}`)
      .filter((specifier) => URL.canParse(`npm:${specifier}`)),
  )
  const isReachable = (specifier: string): boolean => {
    try {
      return require.resolve(specifier) !== ''
    } catch {
      return false
    }
  }
  const { program } = bundleModules({ specifiers, names: [], folders: [] })
  const unreachable = specifiers.filter((specifier) => !isReachable(specifier))
  expect(specifiers.length).toBeGreaterThan(900)
  expect(Object.keys(program?.failures ?? {}).toSorted()).toEqual(unreachable.toSorted())
})

test('a part of a package works, and shares its functions with the other parts', async () => {
  const body = `
    const get = require('lodash/get'), { map } = require('lodash/fp'), each = require('async/each');
    user.found = [get({ a: { b: 1 } }, 'a.b'), map((x) => x + 1)([1]), typeof each, require('async/each.js') === each,
      require('lodash/fp/map') === map || require('lodash/fp').map === map, require('lodash/package.json').name]`
  expect(await find(body)).toEqual([1, [2], 'function', true, true, 'lodash'])
})

test.each(['lodash/nope', 'lodash/_metaMap', 'uuid/v4', 'assert/strict', 'request/lib/helpers', 'ipaddr.js', 'semver'])(
  '%s is no module that rules have',
  (specifier) => {
    const { program } = bundleModules({ specifiers: [specifier], names: [], folders: [] })
    expect(program?.failures).toEqual({ [specifier]: 'MODULE_NOT_FOUND' })
  },
)

test('only what is required is in the script of a realm', () => {
  const { program } = bundleModules({ specifiers: ['xtend'], names: [], folders: [] })
  expect(program?.code.length).toBeLessThan(5_000)
  expect(program?.code).not.toContain('lodash')
})

test("data of the embedder's module that reads like a call of require requires nothing", () => {
  const { program } = bundleModules({
    specifiers: ['help'],
    names: [],
    host: { help: { data: `"write require('moment') on top"` } },
    folders: [],
  })
  expect(program?.failures).toEqual({})
})

test('the stack of an error inside a module names its functions', async () => {
  const body = `try { require('lodash').sortBy([2, 1], () => { throw new Error('stop') }) } catch (error) { user.found = error.stack }`
  expect(await find(body)).toMatch(/at baseMap|at arrayMap|at baseOrderBy/)
})
