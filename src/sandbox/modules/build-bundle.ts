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
  /** Entries whose module was not found. */
  readonly missing: readonly string[]
  /** Entries whose module cannot be bundled, or is native code. */
  readonly refused: readonly string[]
  /** For some entries, what is wrong and how to fix it. */
  readonly reasons: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
}

/** Our files are TypeScript in the repository, and JavaScript in the package. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
const resolveGuestFile = (name: string): string =>
  fileURLToPath(new URL(`../${name.endsWith('.cjs') ? name : name + extension}`, import.meta.url))
const require = createRequire(import.meta.url)
const { resolve } = require

const shimNames = 'host-module rule-crypto rule-ip rule-jwt rule-postgres rule-sqlserver rule-uuid rule-xmldom'.split(
  ' ',
)

type BuildAttempt =
  | { readonly code: string; readonly inputs: BundleInputs; readonly errors?: undefined }
  | { readonly errors: readonly Esbuild.Message[] }

/** State of a build: the entries still to bundle, and the entries that failed. */
interface Plan {
  readonly pendingEntries: Map<string, string>
  /** Where to look for packages, in this order. */
  readonly folders: readonly string[]
  /** Specifiers that modules require, that are not installed beside the rules, and that we provide. */
  readonly provided: Set<string>
  /** Specifiers that modules require and that were not found; they fail when the module runs them. */
  readonly external: Set<string>
  readonly missing: string[]
  readonly refused: string[]
  readonly reasons: Record<string, string>
}

/**
 * Bundles one expression per entry. An expression is evaluated when the function of its entry is called. If a build fails,
 * its errors name the entries to leave out of the next build.
 */
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
    const result = tryBuild(plan)
    if (result.errors !== undefined) dropFailedEntries(plan, result.errors)
    else if (!refuseNativeAddons(plan, result.inputs)) {
      const { missing, refused, reasons } = plan
      const { code, inputs } = result
      const built = { code, missing, refused, reasons, versions: readVersions(pendingEntries, inputs) }
      return { built, inputs: Object.keys(inputs).filter(isFile) }
    }
  }
}

/** Removes from the plan the entries that the errors are about. Throws if there are none. */
function dropFailedEntries(plan: Plan, errors: readonly Esbuild.Message[]): void {
  const { pendingEntries } = plan
  const names = [...pendingEntries.keys()]
  let hasChanged = false
  for (const { location, text } of errors) {
    const entry = location?.file === '<stdin>' ? names[location.line - 2] : undefined
    const unresolved = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
    if (entry !== undefined) {
      // An entry with two modules may have two errors.
      if (pendingEntries.delete(entry)) plan.missing.push(entry)
      hasChanged = true
    } else if (unresolved !== undefined && resolveMissing(plan, unresolved)) hasChanged = true
  }
  if (hasChanged) return
  // The errors are inside modules. A build of each entry alone shows which ones have an error.
  for (const [entry, expression] of pendingEntries) {
    const [error] = tryBuild({ ...plan, pendingEntries: new Map([[entry, expression]]) }).errors ?? []
    if (error === undefined) continue
    pendingEntries.delete(entry)
    plan.refused.push(entry)
    plan.reasons[entry] = `it cannot be bundled (${error.text}); use a version in plain CommonJS`
    hasChanged = true
  }
  if (!hasChanged) throw new Error(errors[0]?.text)
}

/**
 * Handles a specifier that modules require and that is not installed. If we provide the package to rules, the modules get
 * ours. Any other one becomes external, because many modules try a package and continue without it.
 *
 * Returns whether the plan has changed. esbuild applies an alias to every importer: if one module lacks the package, all
 * modules of the bundle get ours.
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

/**
 * Refuses the entries that load native code, and returns whether there were any. Entries that only contain some stay, with a
 * reason in case they fail.
 */
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

/** esbuild also lists the entries and the values of `define` as inputs. */
function isFile(input: string): boolean {
  return !input.startsWith('<')
}

function tryBuild({ pendingEntries, folders: [folder, ...others], provided, external }: Plan): BuildAttempt {
  // Loaded here, because a bundle from the cache does not need it.
  const { buildSync } = require('esbuild') as typeof Esbuild
  const lines = [...pendingEntries].map(([name, expression]) => `${JSON.stringify(name)}: () => (${expression}),`)
  try {
    const { outputFiles, metafile } = buildSync({
      ...options,
      define: { ...options.define, ...readNodeConstants() },
      alias: { ...options.alias, ...Object.fromEntries([...provided].map((specifier) => [specifier, specifier])) },
      // Without a folder, only the packages that we provide are found.
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

/** esbuild's paths are relative to its working directory, with slashes on Windows, too. */
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

/** The bundle's `require`, for modules that were not found, and for names that are computed at run time. */
const missingRequire = `function require(name) {
  throw Object.assign(new Error("Cannot find module '" + name + "', which a module requires: install it beside the rules, or use a package that computes no module names"), { code: 'MODULE_NOT_FOUND' })
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
  // A realm parses the whole bundle before its first login.
  minifyWhitespace: true,
  define: { global: 'globalThis' },
  // `refuseNativeAddons` finds native code in the result.
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
    // Our files of the same names import these packages.
    'claimsmith:url': resolve('url/'),
    'claimsmith:util': resolve('util/'),
    ...Object.fromEntries(shimNames.map((name) => [`claimsmith:${name}`, resolveGuestFile(`guest/node/${name}`)])),
  },
  banner: { js: `(function (__claimsmith) {${missingRequire}` },
  footer: { js: 'return table })' },
} as const satisfies Esbuild.BuildOptions

/** Reads the constants of this Node that the guest's versions of Node's modules need. They depend on its version alone. */
function readNodeConstants(): Record<string, string> {
  const { METHODS, STATUS_CODES } = require('node:http') as typeof Http
  const { constants } = require('node:zlib') as typeof Zlib
  return {
    __claimsmithNodeVersion: JSON.stringify(process.version),
    __claimsmithHttp: JSON.stringify({ METHODS, STATUS_CODES }),
    __claimsmithZlib: JSON.stringify(constants),
  }
}

/** Part of a bundle's cache key: the options that affect the result. */
export const bundleOptionsJson: string = JSON.stringify(options)

function toBothNames(name: string, file: string): [string, string][] {
  return [
    [name, file],
    [`node:${name}`, file],
  ]
}
