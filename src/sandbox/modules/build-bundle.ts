import { createRequire } from 'node:module'
import { resolve as resolvePath, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Http from 'node:http'
import type * as Zlib from 'node:zlib'
import type * as Esbuild from 'esbuild'
import { type Inputs, machineCodeOf } from './machine-code.ts'
import { listNodeModules } from './node-modules-folders.ts'
import { isOffered, nodeModules, ownPackages, refusedNodeModules, successors } from './offers.ts'
import { ownAliases, ownFolder, requireOwn } from './own-packages.ts'
import { readVersions } from './read-versions.ts'
import { parseSpecifier } from './specifier.ts'

export interface Built {
  readonly code: string
  /** The entries whose module is nowhere to be found. */
  readonly missing: readonly string[]
  /** The entries whose module cannot be bundled, or is machine code. */
  readonly refused: readonly string[]
  /** Of some entries, what is wrong and what to do about it. */
  readonly reasons: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
}

/** Our own files: sources while developing, JavaScript in the package. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
const guestFile = (name: string): string =>
  fileURLToPath(new URL(`../${name.endsWith('.cjs') ? name : name + extension}`, import.meta.url))
const require = createRequire(import.meta.url)
const { resolve } = require

const shims = 'host-module rule-crypto rule-ip rule-jwt rule-postgres rule-sqlserver rule-uuid rule-xmldom'.split(' ')

type Attempt =
  | { readonly code: string; readonly inputs: Inputs; readonly errors?: undefined }
  | { readonly errors: readonly Esbuild.Message[] }

/** What is still to be bundled, and what has been given up. */
interface Plan {
  readonly wanted: Map<string, string>
  /** Where to look for packages, the first first. */
  readonly folders: readonly string[]
  /** What modules beside the rules require without having it, and get from us. */
  readonly own: Set<string>
  readonly external: Set<string>
  readonly missing: string[]
  readonly refused: string[]
  readonly reasons: Record<string, string>
}

/** Bundles one expression per entry, each of which runs when its thunk is called first. */
export function buildBundle(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
): { readonly built: Built; readonly inputs: readonly string[] } {
  const wanted = new Map([...entries].map(([name, expression]) => [name, requireOwn(expression, folders)]))
  const plan: Plan = { wanted, folders, own: new Set(), external: new Set(), missing: [], refused: [], reasons: {} }
  for (;;) {
    const result = attempt(plan)
    if (result.errors !== undefined) giveUp(plan, result.errors)
    else if (!refuseMachineCode(plan, result.inputs)) {
      const { missing, refused, reasons } = plan
      const { code, inputs } = result
      const built = { code, missing, refused, reasons, versions: readVersions(wanted, inputs) }
      return { built, inputs: Object.keys(inputs).filter(isFile) }
    }
  }
}

/** Takes out of the plan what the errors speak of. */
function giveUp(plan: Plan, errors: readonly Esbuild.Message[]): void {
  const { wanted } = plan
  const names = [...wanted.keys()]
  let hasChanged = false
  for (const { location, text } of errors) {
    const entry = location?.file === '<stdin>' ? names[location.line - 2] : undefined
    const unresolved = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
    if (entry !== undefined) {
      // An entry that requires two modules has two errors.
      if (wanted.delete(entry)) plan.missing.push(entry)
      hasChanged = true
    } else if (unresolved !== undefined && doWithout(plan, unresolved)) hasChanged = true
  }
  if (hasChanged) return
  // Errors inside modules: each entry alone shows which of them have one.
  for (const [entry, expression] of wanted) {
    const [error] = attempt({ ...plan, wanted: new Map([[entry, expression]]) }).errors ?? []
    if (error === undefined) continue
    wanted.delete(entry)
    plan.refused.push(entry)
    plan.reasons[entry] = `it cannot be bundled (${error.text}); use a version in plain CommonJS`
    hasChanged = true
  }
  if (!hasChanged) throw new Error(errors[0]?.text)
}

/**
 * Handles a specifier that modules require and do not have. A package that we offer to rules they get from us; all else may
 * be one of those that are tried and done without.
 *
 * Returns whether that changes the plan. esbuild applies an alias to every importer: while one module lacks the package,
 * all modules of the bundle get ours.
 */
function doWithout({ own, external }: Plan, specifier: string): boolean {
  const isNew = !own.has(specifier) && !external.has(specifier)
  if (isNew && isOffered(parseSpecifier(specifier)?.name ?? '')) {
    own.add(specifier)
    return true
  }
  external.add(specifier)
  return own.delete(specifier) || isNew
}

/** Entries that need machine code are given up; whether there were any. The others that bring some along get a reason, should they fail. */
function refuseMachineCode({ wanted, refused, reasons }: Plan, inputs: Inputs): boolean {
  let found = false
  for (const { entry, file, reason } of machineCodeOf(wanted, inputs)) {
    reasons[entry] = reason
    if (file === undefined) continue
    wanted.delete(entry)
    refused.push(entry)
    found = true
  }
  return found
}

/** The entries and the values of `define` are inputs, too, which are no files. */
function isFile(input: string): boolean {
  return !input.startsWith('<')
}

function attempt({ wanted, folders: [folder, ...others], own, external }: Plan): Attempt {
  // Loaded only to make a bundle: one that is on disk already is had without.
  const { buildSync } = require('esbuild') as typeof Esbuild
  const lines = [...wanted].map(([name, expression]) => `${JSON.stringify(name)}: () => (${expression}),`)
  try {
    const { outputFiles, metafile } = buildSync({
      ...options,
      define: { ...options.define, ...nodeFacts() },
      alias: { ...options.alias, ...Object.fromEntries([...own].map((specifier) => [specifier, specifier])) },
      // Without a folder nothing is found but what we offer.
      stdin: {
        contents: `module.exports = {\n${lines.join('\n')}\n}`,
        ...(folder === undefined ? {} : { resolveDir: folder }),
      },
      nodePaths: others.flatMap(listNodeModules),
      external: [...external],
    }) as Esbuild.BuildResult<typeof options>
    return { code: outputFiles[0]?.text ?? '', inputs: withAbsolutePaths(metafile.inputs) }
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly Esbuild.Message[] }
    if (errors === undefined) throw error
    return { errors }
  }
}

/** esbuild tells of files relative to its working directory, with slashes on Windows, too. */
function withAbsolutePaths(inputs: Inputs): Inputs {
  const toAbsolute = (path: string): string => (isFile(path) ? resolvePath(ownFolder, path).split(sep).join('/') : path)
  return Object.fromEntries(
    Object.entries(inputs).map(([path, input]) => {
      const imports = input.imports.map((one) => (one.external === true ? one : { ...one, path: toAbsolute(one.path) }))
      return [toAbsolute(path), { ...input, imports }]
    }),
  )
}

/** What is left of `require` in a bundle: modules that are nowhere, and names that only running a module tells. */
const missingRequire = `function require(name) {
  throw Object.assign(new Error("Cannot find module '" + name + "', which a module asks for: install it beside the rules, or use one whose requires name their modules"), { code: 'MODULE_NOT_FOUND' })
}
`

const options = {
  absWorkingDir: ownFolder,
  bundle: true,
  write: false,
  metafile: true,
  format: 'iife',
  globalName: 'table',
  platform: 'node',
  target: 'es2024',
  logLevel: 'silent',
  legalComments: 'none',
  // A realm reads all of it before its first login.
  minifyWhitespace: true,
  define: { global: 'globalThis' },
  // Machine code is found afterwards, and the modules that load it are refused.
  loader: { '.node': 'empty' },
  inject: [guestFile('guest/node/inject')],
  alias: {
    ...ownAliases,
    ...successors,
    ...Object.fromEntries(Object.entries(ownPackages).map(([name, file]) => [name, guestFile(file)])),
    ...Object.fromEntries(refusedNodeModules.flatMap((name) => both(name, guestFile('guest/node/refused.cjs')))),
    ...Object.fromEntries(
      Object.entries(nodeModules).flatMap(([name, found]) =>
        both(name, 'file' in found ? guestFile(found.file) : resolve(found.package)),
      ),
    ),
    // The packages behind those of our files that go by the same name.
    'claimsmith:url': resolve('url/'),
    'claimsmith:util': resolve('util/'),
    ...Object.fromEntries(shims.map((name) => [`claimsmith:${name}`, guestFile(`guest/node/${name}`)])),
  },
  banner: { js: `(function (__claimsmith) {${missingRequire}` },
  footer: { js: 'return table })' },
} as const satisfies Esbuild.BuildOptions

/** What Node's modules, as the guest has them, say of this Node; its version stands for all of it. */
function nodeFacts(): Record<string, string> {
  const { METHODS, STATUS_CODES } = require('node:http') as typeof Http
  const { constants } = require('node:zlib') as typeof Zlib
  return {
    __claimsmithNodeVersion: JSON.stringify(process.version),
    __claimsmithHttp: JSON.stringify({ METHODS, STATUS_CODES }),
    __claimsmithZlib: JSON.stringify(constants),
  }
}

/** All that decides what a bundle comes to beside its entries, their files and the version of Node. */
export const bundleForm: string = JSON.stringify(options)

function both(name: string, file: string): [string, string][] {
  return [
    [name, file],
    [`node:${name}`, file],
  ]
}
