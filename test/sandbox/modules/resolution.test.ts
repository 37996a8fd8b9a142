import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModuleBundle, bundleModules } from '../../../src/sandbox/modules/bundle.ts'
import { moduleGlobals, providedPackages, findPackage } from '../../../src/sandbox/modules/module-catalogue.ts'
import type { ModuleRequest } from '../../../src/sandbox/wire/program-modules.ts'

const root = mkdtempSync(join(tmpdir(), 'claimsmith-resolution-'))
const cacheHome = process.env['XDG_CACHE_HOME']
beforeAll(() => {
  process.env['XDG_CACHE_HOME'] = join(root, 'cache')
})
afterAll(() => {
  if (cacheHome === undefined) delete process.env['XDG_CACHE_HOME']
  else process.env['XDG_CACHE_HOME'] = cacheHome
  rmSync(root, { recursive: true })
})

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }

function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

function linkPackages(nodeModules: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(nodeModules, name)), { recursive: true })
    symlinkSync(resolve('node_modules', name), join(nodeModules, name), 'junction')
  }
}

/** Each layout: where our package is, and where its dependencies are. */
const layouts = [
  ['below our package, as in a checkout', 'checkout/claimsmith', 'checkout/claimsmith/node_modules'],
  ['above our package, as npm hoists them', 'hoisted/packages/claimsmith', 'hoisted/node_modules'],
] as const

describe.each(layouts)('with dependencies %s', (_, packageFolder, nodeModules) => {
  let bundle: (request: ModuleRequest) => ModuleBundle

  beforeAll(async () => {
    for (const part of ['src/sandbox/modules', 'dist/guest-modules'])
      cpSync(part, join(root, packageFolder, part), { recursive: true })
    linkPackages(join(root, nodeModules), [...Object.keys(dependencies), 'axios'])
    const copy = pathToFileURL(join(root, packageFolder, 'src/sandbox/modules/bundle.ts')).href
    ;({ bundleModules: bundle } = (await import(copy)) as { bundleModules: typeof bundleModules })
  })

  function findFailures(specifiers: readonly string[], folders: readonly string[], names: readonly string[] = []) {
    return bundle({ specifiers, names, folders }).program?.failures
  }

  const rules = (files: Readonly<Record<string, string>> = {}): string =>
    writeFiles(mkdtempSync(join(root, 'rules-')), { 'rule.js': '', 'deep/rule.js': '', ...files })

  test("every name of Auth0's and every package that we offer is found for rules elsewhere, and without a folder", () => {
    const own = Object.keys(moduleGlobals).filter((name) => {
      const wanted = findPackage(name)
      return (
        wanted === undefined || providedPackages.includes(wanted) || ['process', 'request', 'xmldom'].includes(wanted)
      )
    })
    expect(own).toEqual(expect.arrayContaining(['_', 'jwt', 'request', 'xpath', 'xtend', 'async', 'q', 'uuid', 'pg']))
    expect(findFailures([...providedPackages, 'lodash/fp', 'lodash@4.17.19'], [rules()], own)).toEqual({})
    expect(findFailures([...providedPackages, 'lodash/fp', 'lodash@4.17.19'], [], own)).toEqual({})
  })

  test('no other package is found, be it a dependency of ours or of the project that embeds us', () => {
    const strangers = ['axios', 'kysely', 'esbuild', 'lodash-es']
    const missing = Object.fromEntries(strangers.map((name) => [name, 'MODULE_NOT_FOUND']))
    expect(findFailures([...strangers, 'lodash'], [rules()])).toEqual(missing)
    expect(findFailures([...strangers, 'lodash'], [])).toEqual(missing)
  })

  test('a version beside the rules goes before the one in the modules folder, and that before ours', () => {
    const manifest = (version: string) => ({
      'node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version }),
      'node_modules/lodash/index.js': 'exports.get = 1',
    })
    const readVersion = (...folders: string[]) =>
      bundle({ specifiers: ['lodash'], names: ['_'], folders }).versions['lodash']
    const beside = rules(manifest('1.0.1'))
    const modules = rules(manifest('1.0.2'))
    const ours = JSON.parse(readFileSync('node_modules/lodash/package.json', 'utf8')) as { version: string }
    expect(readVersion(beside, modules)).toBe('1.0.1')
    expect(readVersion(join(beside, 'deep'), modules)).toBe('1.0.1')
    expect(readVersion(rules(), modules)).toBe('1.0.2')
    expect(readVersion(rules(), join(modules, 'deep'))).toBe('1.0.2')
    expect(readVersion(rules(), rules())).toBe(ours.version)
  })

  test('an empty folder, as a broken installation leaves it, hides none of ours', () => {
    const folder = rules({ 'node_modules/lodash/lib/.gitkeep': '' })
    expect(findFailures(['lodash'], [folder], ['_'])).toEqual({})
  })

  test('a file in the place of a node_modules, in a folder above the rules, is passed over', () => {
    const folder = rules({ node_modules: 'no folder' })
    expect(findFailures(['lodash'], [join(folder, 'deep')])).toEqual({})
  })

  test('a package beside the rules that lacks what we offer gets ours, and does without anything else', () => {
    const folder = rules({
      'node_modules/leans/index.js': `exports.get = require('lodash/get'); exports.sign = require('jsonwebtoken').sign`,
      'node_modules/tries/index.js': `try { require('axios') } catch (e) {}`,
    })
    const { program } = bundle({ specifiers: ['leans', 'tries'], names: [], folders: [folder] })
    expect(program?.failures).toEqual({})
    expect(program?.code).toContain('JsonWebTokenError')
    expect(program?.code).not.toContain('AxiosError')
  })

  test('a package beside the rules keeps a version of its own', () => {
    const folder = rules({ 'node_modules/keeps/index.js': `exports.lodash = require('lodash')` })
    writeFiles(join(folder, 'node_modules/keeps/node_modules/lodash'), {
      'index.js': `exports.mark = 'its own lodash'`,
    })
    const { program, versions } = bundle({ specifiers: ['keeps', 'lodash'], names: [], folders: [folder] })
    expect(program?.code).toContain('its own lodash')
    expect(versions['lodash']).toBe(
      (JSON.parse(readFileSync('node_modules/lodash/package.json', 'utf8')) as { version: string }).version,
    )
  })
})

test('a linked package has its version, and is refused for the machine code in it', () => {
  const real = writeFiles(mkdtempSync(join(root, 'linked-')), {
    'plain/package.json': '{"name":"plain","version":"3.1.4","main":"lib/index.js"}',
    'plain/lib/index.js': 'exports.ok = 1',
    'plain/lib/package.json': '{"type":"commonjs"}',
    'native/package.json': '{"name":"native","version":"1.0.0"}',
    'native/index.js': `exports.ok = require(process.cwd() + '/native.node')`,
    'native/binding.gyp': '{}',
  })
  const folder = mkdtempSync(join(root, 'rules-'))
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['plain', 'native']) symlinkSync(join(real, name), join(folder, 'node_modules', name), 'junction')
  const { program, versions } = bundleModules({ specifiers: ['plain', 'native'], names: [], folders: [folder] })
  expect(versions).toEqual({ plain: '3.1.4', native: '1.0.0' })
  expect(program?.reasons['native']).toContain('it holds machine code (native)')
})

test('a package that is installed later is found, also beside another of its scope', () => {
  const folder = mkdtempSync(join(root, 'rules-'))
  const install = (name: string) => writeFiles(join(folder, 'node_modules', name), { 'index.js': '' })
  const failures = () =>
    bundleModules({ specifiers: ['@scope/b', 'c'], names: [], folders: [folder] }).program?.failures
  install('@scope/a')
  expect(failures()).toEqual({ '@scope/b': 'MODULE_NOT_FOUND', c: 'MODULE_NOT_FOUND' })
  install('@scope/b')
  expect(failures()).toEqual({ c: 'MODULE_NOT_FOUND' })
  install('c')
  expect(failures()).toEqual({})
})
