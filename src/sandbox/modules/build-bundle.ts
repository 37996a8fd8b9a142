import { createRequire } from 'node:module'
import { resolve as resolvePath, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Http from 'node:http'
import type * as Zlib from 'node:zlib'
import type * as Esbuild from 'esbuild'
import { type BundleInputs, findNativeAddons } from './native-addons.ts'
import { listNodeModules } from './node-modules-folders.ts'
import { isProvided, nodeModules, packageShims, unsupportedNodeModules, packageSuccessors } from './module-catalogue.ts'
import { providedAliases, packageRoot, requireProvided } from './provided-packages.ts'
import { readVersions } from './read-versions.ts'
import { parseSpecifier } from './specifier.ts'

export interface BuiltBundle {
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
const resolveGuestFile = (name: string): string =>
  fileURLToPath(new URL(`../${name.endsWith('.cjs') ? name : name + extension}`, import.meta.url))
const require = createRequire(import.meta.url)
const { resolve } = require

const shimNames = 'host-module rule-crypto rule-ip rule-jwt rule-postgres rule-sqlserver rule-uuid rule-xmldom'.split(
  ' ',
)

type Attempt =
  | { readonly code: string; readonly inputs: BundleInputs; readonly errors?: undefined }
  | { readonly errors: readonly Esbuild.Message[] }

/** What is still to be bundled, and what has been given up. */
interface Plan {
  readonly pendingEntries: Map<string, string>
  /** Where to look for packages, the first first. */
  readonly folders: readonly string[]
  /** What modules beside the rules require without having it, and get from us. */
  readonly provided: Set<string>
  readonly external: Set<string>
  readonly missing: string[]
  readonly refused: string[]
  readonly reasons: Record<string, string>
}

/** Bundles one expression per entry, each of which runs when its thunk is called first. */
export function buildBundle(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
): { readonly built: BuiltBundle; readonly inputs: readonly string[] } {
  const pendingEntries = new Map([...entries].map(([name, expression]) => [name, requireProvided(expression, folders)]))
  const plan: Plan = {
    pendingEntries,
    folders,
    provided: new Set(),
    external: new Set(),
    missing: [],
    refused: [],
    reasons: {},
  }
  for (;;) {
    const result = attempt(plan)
    if (result.errors !== undefined) giveUp(plan, result.errors)
    else if (!refuseNativeAddons(plan, result.inputs)) {
      const { missing, refused, reasons } = plan
      const { code, inputs } = result
      const built = { code, missing, refused, reasons, versions: readVersions(pendingEntries, inputs) }
      return { built, inputs: Object.keys(inputs).filter(isFile) }
    }
  }
}

/** Takes out of the plan what the errors speak of. */
function giveUp(plan: Plan, errors: readonly Esbuild.Message[]): void {
  const { pendingEntries } = plan
  const names = [...pendingEntries.keys()]
  let hasChanged = false
  for (const { location, text } of errors) {
    const entry = location?.file === '<stdin>' ? names[location.line - 2] : undefined
    const unresolved = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
    if (entry !== undefined) {
      // An entry that requires two modules has two errors.
      if (pendingEntries.delete(entry)) plan.missing.push(entry)
      hasChanged = true
    } else if (unresolved !== undefined && resolveMissing(plan, unresolved)) hasChanged = true
  }
  if (hasChanged) return
  // Errors inside modules: each entry alone shows which of them have one.
  for (const [entry, expression] of pendingEntries) {
    const [error] = attempt({ ...plan, pendingEntries: new Map([[entry, expression]]) }).errors ?? []
    if (error === undefined) continue
    pendingEntries.delete(entry)
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
function resolveMissing({ provided, external }: Plan, specifier: string): boolean {
  const isNew = !provided.has(specifier) && !external.has(specifier)
  if (isNew && isProvided(parseSpecifier(specifier)?.name ?? '')) {
    provided.add(specifier)
    return true
  }
  external.add(specifier)
  return provided.delete(specifier) || isNew
}

/** Entries that need machine code are given up; whether there were any. The others that bring some along get a reason, should they fail. */
function refuseNativeAddons({ pendingEntries, refused, reasons }: Plan, inputs: BundleInputs): boolean {
  let hasRefused = false
  for (const { entry, file, reason } of findNativeAddons(pendingEntries, inputs)) {
    reasons[entry] = reason
    if (file === undefined) continue
    pendingEntries.delete(entry)
    refused.push(entry)
    hasRefused = true
  }
  return hasRefused
}

/** The entries and the values of `define` are inputs, too, which are no files. */
function isFile(input: string): boolean {
  return !input.startsWith('<')
}

function attempt({ pendingEntries, folders: [folder, ...others], provided, external }: Plan): Attempt {
  // Loaded only to make a bundle: one that is on disk already is had without.
  const { buildSync } = require('esbuild') as typeof Esbuild
  const lines = [...pendingEntries].map(([name, expression]) => `${JSON.stringify(name)}: () => (${expression}),`)
  try {
    const { outputFiles, metafile } = buildSync({
      ...options,
      define: { ...options.define, ...readNodeConstants() },
      alias: { ...options.alias, ...Object.fromEntries([...provided].map((specifier) => [specifier, specifier])) },
      // Without a folder nothing is found but what we offer.
      stdin: {
        contents: `module.exports = {\n${lines.join('\n')}\n}`,
        ...(folder === undefined ? {} : { resolveDir: folder }),
      },
      nodePaths: others.flatMap(listNodeModules),
      external: [...external],
    }) as Esbuild.BuildResult<typeof options>
    return { code: outputFiles[0]?.text ?? '', inputs: toAbsolutePaths(metafile.inputs) }
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly Esbuild.Message[] }
    if (errors === undefined) throw error
    return { errors }
  }
}

/** esbuild tells of files relative to its working directory, with slashes on Windows, too. */
function toAbsolutePaths(inputs: BundleInputs): BundleInputs {
  const toAbsolute = (path: string): string =>
    isFile(path) ? resolvePath(packageRoot, path).split(sep).join('/') : path
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
  absWorkingDir: packageRoot,
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
  inject: [resolveGuestFile('guest/node/inject')],
  alias: {
    ...providedAliases,
    ...packageSuccessors,
    ...Object.fromEntries(Object.entries(packageShims).map(([name, file]) => [name, resolveGuestFile(file)])),
    ...Object.fromEntries(
      unsupportedNodeModules.flatMap((name) => toBothNames(name, resolveGuestFile('guest/node/refused.cjs'))),
    ),
    ...Object.fromEntries(
      Object.entries(nodeModules).flatMap(([name, target]) =>
        toBothNames(name, 'file' in target ? resolveGuestFile(target.file) : resolve(target.package)),
      ),
    ),
    // The packages behind those of our files that go by the same name.
    'claimsmith:url': resolve('url/'),
    'claimsmith:util': resolve('util/'),
    ...Object.fromEntries(shimNames.map((name) => [`claimsmith:${name}`, resolveGuestFile(`guest/node/${name}`)])),
  },
  banner: { js: `(function (__claimsmith) {${missingRequire}` },
  footer: { js: 'return table })' },
} as const satisfies Esbuild.BuildOptions

/** What Node's modules, as the guest has them, say of this Node; its version stands for all of it. */
function readNodeConstants(): Record<string, string> {
  const { METHODS, STATUS_CODES } = require('node:http') as typeof Http
  const { constants } = require('node:zlib') as typeof Zlib
  return {
    __claimsmithNodeVersion: JSON.stringify(process.version),
    __claimsmithHttp: JSON.stringify({ METHODS, STATUS_CODES }),
    __claimsmithZlib: JSON.stringify(constants),
  }
}

/** All that decides what a bundle comes to beside its entries, their files and the version of Node. */
export const bundleOptionsJson: string = JSON.stringify(options)

function toBothNames(name: string, file: string): [string, string][] {
  return [
    [name, file],
    [`node:${name}`, file],
  ]
}
