import { constants, getCiphers, getHashes } from 'node:crypto'
import { loginPackages } from './login-state.ts'
import { isScopeModule, listScopeModules, scopeCode } from './module-transform.ts'
import { readPrebuiltModules } from './prebuilt-modules.ts'

/** What one script for a realm is made of. */
interface ModuleParts {
  /** By entry, the expression that its function evaluates; the script has them in this order. */
  readonly entries: ReadonlyMap<string, string>
  /** A script that defines `table`: the functions of the entries that `entries` takes from there. */
  readonly ownCode: string
  /** Specifiers that this script requires. Those that are no prebuilt modules throw when they are required. */
  readonly specifiers: readonly string[]
}

interface LinkedModules {
  readonly code: string
  /** Entries that a realm for many logins evaluates again for each login. */
  readonly loginEntries: ReadonlySet<string>
}

/**
 * Links modules into one script for a realm: the prebuilt files that the entries reach, and the bundle of a user's packages.
 *
 * A file is evaluated when it is required first: once in a realm, or in each login.
 */
export function linkModules({ entries, ownCode, specifiers }: ModuleParts): LinkedModules {
  const { code: prebuiltCode, files } = readPrebuiltModules()
  const required = [...specifiers, ...listScopeModules(ownCode), ...[...entries.values()].flatMap(listRequired)]
  const names = new Map(required.map((name) => [name, findPrebuilt(name)] as const))
  const ids = new Set(names.values())
  const units: string[] = []
  // A set also iterates over what is added meanwhile.
  for (const id of ids) {
    if (id === undefined) continue
    const [start, end, requires] = files[id] ?? [0, 0, {}]
    for (const [name, requiredId] of Object.entries(requires)) {
      ids.add(requiredId)
      if (isScopeModule(name)) names.set(name, requiredId)
    }
    const key = JSON.stringify(id)
    units.push(
      `${key}:[${toTable(Object.entries(requires))},{${key}(module,exports,require){${prebuiltCode.toString('latin1', start, end)}}}]`,
    )
  }
  const loginFiles = findLoginFiles([...ids].filter((id) => id !== undefined))
  const isLoginEntry = (expression: string): boolean =>
    listRequired(expression).some((specifier) => loginFiles.has(findPrebuilt(specifier) ?? ''))
  const functions = [...entries].map(([name, expression]) => `${JSON.stringify(name)}:()=>(${expression})`)
  const code = [
    loader,
    `const __loginFiles=${toTable([...loginFiles].map((id) => [id, id]))}`,
    `const __files={__proto__:null,${units.join(',\n')}}`,
    `const __names=${toTable([...names])}`,
    scopeCode,
    `const __claimsmithNodeVersion=${JSON.stringify(process.version)}`,
    units.some((unit) => unit.includes('__claimsmithCrypto')) ? `const __claimsmithCrypto=${getCryptoJson()}` : '',
    ownCode,
    `return {${functions.join()}}})`,
  ].join('\n')
  const loginEntries = [...entries].filter(([, expression]) => isLoginEntry(expression)).map(([name]) => name)
  return { code, loginEntries: new Set(loginEntries) }
}

/** Finds the files to evaluate in each login: those of `loginPackages`, and those that require one of them. */
function findLoginFiles(ids: readonly string[]): ReadonlySet<string> {
  const { files } = readPrebuiltModules()
  const loginFiles = new Set(ids.filter((id) => Object.hasOwn(loginPackages, id.slice(0, id.indexOf('/')))))
  const requiresOne = (id: string): boolean => Object.values(files[id]?.[2] ?? {}).some((one) => loginFiles.has(one))
  for (let before = -1; before < loginFiles.size;) {
    before = loginFiles.size
    for (const id of ids) if (requiresOne(id)) loginFiles.add(id)
  }
  return loginFiles
}

let cryptoJson: string | undefined

/** What the module `crypto` of this Node.js says of itself. */
function getCryptoJson(): string {
  return (cryptoJson ??= JSON.stringify({ hashes: getHashes(), ciphers: getCiphers(), constants }))
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
 * - As in Node, modules that require one another in a circle get what is there by then, and one that throws is evaluated again.
 * - What a module requires later than at its start is evaluated in each login: the realm was hardened without it.
 */
const loader = `(function (__claimsmith) {
const __realm = { __proto__: null }
let __login = { __proto__: null }
let __hasStarted = false
__claimsmith.onLogin(() => { __login = { __proto__: null }; __hasStarted = true })
__claimsmith.share(() => { const all = []; for (const id in __realm) all.push(__realm[id].exports); return all })
function __load(id, name) {
  const __loaded = id in __realm ? __realm : __hasStarted || id in __loginFiles ? __login : __realm
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

/** Texts that are undefined are left out. */
function toTable(texts: readonly (readonly [string, string | undefined])[]): string {
  const members = texts.filter(([, text]) => text !== undefined)
  return `{__proto__:null${members.map(([name, text]) => `,${JSON.stringify(name)}:${JSON.stringify(text)}`).join('')}}`
}
