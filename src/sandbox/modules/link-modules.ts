import { createRequire } from 'node:module'
import type * as Http from 'node:http'
import type * as Zlib from 'node:zlib'
import { scopeGlobals } from './module-transform.ts'
import { readPrebuiltModules } from './prebuilt-modules.ts'

const require = createRequire(import.meta.url)

/** What one script for a realm is made of. */
interface ModuleParts {
  /** By entry, the expression that its function evaluates; the script has them in this order. */
  readonly entries: ReadonlyMap<string, string>
  /** A script that defines `table`: the functions of the entries that `entries` takes from there. */
  readonly ownCode: string
  /** Specifiers that this script requires. Those that are no prebuilt modules throw when they are required. */
  readonly specifiers: readonly string[]
}

/**
 * Links modules into one script for a realm: the prebuilt files that the entries reach, and the bundle of a user's packages.
 *
 * A file is evaluated when it is required first.
 */
export function linkModules({ entries, ownCode, specifiers }: ModuleParts): string {
  const { code, files } = readPrebuiltModules()
  const names = new Map<string, string>()
  const ids = new Set<string>()
  const scope = new Map<string, string>()
  const addNames = (required: readonly string[]): void => {
    for (const name of required) {
      const id = findPrebuilt(name)
      if (id === undefined) continue
      names.set(name, id)
      ids.add(id)
    }
  }
  const addGlobals = (text: string): void => {
    for (const [name, expression] of Object.entries(scopeGlobals)) {
      if (scope.has(name) || !text.includes(`__scope.${name}`)) continue
      scope.set(name, expression)
      addNames(listRequired(expression))
    }
  }
  addNames([...specifiers, ...[...entries.values()].flatMap(listRequired)])
  addGlobals(ownCode)
  const units: string[] = []
  // A set also iterates over what is added meanwhile.
  for (const id of ids) {
    const [start, end, requires] = files[id] ?? [0, 0, {}]
    const text = code.slice(start, end)
    for (const required of Object.values(requires)) ids.add(required)
    addGlobals(text)
    const key = JSON.stringify(id)
    units.push(`${key}:[${toTable(requires)},{${key}(module,exports,require){${text}}}]`)
  }
  const getters = [...scope].map(([name, expression]) => `get ${name}(){return ${expression}}`)
  const functions = [...entries].map(([name, expression]) => `${JSON.stringify(name)}:()=>(${expression})`)
  return [
    loader,
    `const __files={__proto__:null,${units.join(',\n')}}`,
    `const __names=${toTable(Object.fromEntries(names))}`,
    `const __scope={${getters.join()}}`,
    ...listNodeConstants(units),
    ownCode,
    `return {${functions.join()}}})`,
  ].join('\n')
}

/** Finds the prebuilt file that a specifier stands for; undefined if it is no prebuilt module. */
export function findPrebuilt(specifier: string): string | undefined {
  const { names } = readPrebuiltModules()
  const name = specifier.replace(/^node:/, '')
  return Object.hasOwn(names, name) ? names[name] : undefined
}

/** Lists the specifiers that an expression requires. */
export function listRequired(expression: string): string[] {
  return [...expression.matchAll(/require\((['"])(.+?)\1\)/g)].map(([, , specifier = '']) => specifier)
}

/**
 * The script's `require`. It also serves modules whose `require` names what was not found, or computes a name.
 *
 * As in Node, modules that require one another in a circle get what is there by then, and one that throws is evaluated again.
 */
const loader = `(function (__claimsmith) {
const __loaded = { __proto__: null }
function __load(id, name) {
  const known = __loaded[id]
  if (known !== undefined) return known.exports
  const file = __files[id]
  if (file === undefined) throw Object.assign(new Error("Cannot find module '" + name + "', which a module requires: install it beside the rules, or use a package that computes no module names"), { code: 'MODULE_NOT_FOUND' })
  const module = __loaded[id] = { exports: {} }
  const [requires, evaluate] = file
  try {
    evaluate[id].call(module.exports, module, module.exports, (name) => __load(requires[name], name))
  } catch (error) {
    delete __loaded[id]
    throw error
  }
  return module.exports
}
function require(name) { return __load(__names[name], name) }`

function toTable(texts: Readonly<Record<string, string>>): string {
  const members = Object.entries(texts).map(([name, text]) => `,${JSON.stringify(name)}:${JSON.stringify(text)}`)
  return `{__proto__:null${members.join('')}}`
}

/** Constants of this Node that our versions of its modules need. The build cannot know them. */
function listNodeConstants(units: readonly string[]): string[] {
  const { METHODS, STATUS_CODES } = require('node:http') as typeof Http
  const { constants } = require('node:zlib') as typeof Zlib
  const values = {
    __claimsmithNodeVersion: process.version,
    __claimsmithHttp: { METHODS, STATUS_CODES },
    __claimsmithZlib: constants,
  }
  return Object.entries(values)
    .filter(([name]) => units.some((text) => text.includes(name)))
    .map(([name, value]) => `const ${name}=${JSON.stringify(value)}`)
}
