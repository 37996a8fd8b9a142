import { createRequire } from 'node:module'
import { resolve as resolvePath, sep } from 'node:path'
import type * as Esbuild from 'esbuild'
import { type BundleInputs, findNativeAddons } from './native-addons.ts'
import { listNodeModules } from './node-modules-folders.ts'
import { packageShims } from './module-catalogue.ts'
import { moduleTransform } from './module-transform.ts'
import { packageRoot } from './prebuilt-modules.ts'
import { readVersions } from './read-versions.ts'

export interface BuiltBundle {
  /** A script that defines `table`, with a function for each entry. It requires prebuilt modules. */
  readonly code: string
  /** What this script requires. */
  readonly specifiers: readonly string[]
  /** Entries whose module was not found. */
  readonly missing: readonly string[]
  /** Entries whose module cannot be bundled, or is native code. */
  readonly refused: readonly string[]
  /** For some entries, what is wrong and how to fix it. */
  readonly reasons: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
}

const require = createRequire(import.meta.url)

type BuildAttempt =
  | { readonly code: string; readonly inputs: BundleInputs; readonly errors?: undefined }
  | { readonly errors: readonly Esbuild.Message[] }

/** State of a build: the entries still to bundle, and the entries that failed. */
interface Plan {
  readonly pendingEntries: Map<string, string>
  /** Where to look for packages, in this order. */
  readonly folders: readonly string[]
  /** Specifiers that modules require and that were not found: the linker has them, or they fail when a module requires them. */
  readonly external: Set<string>
  readonly missing: string[]
  readonly refused: string[]
  readonly reasons: Record<string, string>
}

/**
 * Bundles one expression per entry, with the user's packages that it requires. An expression is evaluated when the function of
 * its entry is called. If a build fails, its errors name the entries to leave out of the next build.
 */
export function buildBundle(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
): { readonly built: BuiltBundle; readonly inputs: readonly string[] } {
  const pendingEntries = new Map(entries)
  const plan: Plan = { pendingEntries, folders, external: new Set(), missing: [], refused: [], reasons: {} }
  for (;;) {
    const result = tryBuild(plan)
    if (result.errors !== undefined) dropFailedEntries(plan, result.errors)
    else if (!refuseNativeAddons(plan, result.inputs)) {
      const { missing, refused, reasons } = plan
      const { code, inputs } = result
      const versions = readVersions(pendingEntries, inputs)
      const built = { code, specifiers: listExternal(inputs), missing, refused, reasons, versions }
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
    } else if (unresolved !== undefined && !plan.external.has(unresolved)) {
      // Many modules try a package and continue without it. esbuild applies this to every importer: if one module lacks a
      // package that we provide, all modules of the bundle get ours.
      plan.external.add(unresolved)
      hasChanged = true
    }
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
 * Refuses the entries that need native code, and returns whether there were any. Entries that only contain some stay, with a
 * reason in case they fail.
 */
function refuseNativeAddons({ pendingEntries, refused, reasons }: Plan, inputs: BundleInputs): boolean {
  let hasRefused = false
  for (const { entry, isNeeded, reason } of findNativeAddons(pendingEntries, inputs)) {
    reasons[entry] = reason
    if (!isNeeded) continue
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

function tryBuild({ pendingEntries, folders: [folder = '', ...others], external }: Plan): BuildAttempt {
  // Loaded here: most rulesets require prebuilt modules only, and the bundles of others may be in the cache.
  const { buildSync } = require('esbuild') as typeof Esbuild
  const lines = [...pendingEntries].map(([name, expression]) => `${JSON.stringify(name)}: () => (${expression}),`)
  try {
    const { outputFiles, metafile } = buildSync({
      ...options,
      stdin: { contents: `module.exports = {\n${lines.join('\n')}\n}`, resolveDir: folder },
      nodePaths: others.flatMap(listNodeModules),
      external: [...options.external, ...external],
    }) as Esbuild.BuildResult<typeof options>
    return { code: outputFiles[0]?.text ?? '', inputs: toAbsolutePaths(metafile.inputs) }
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly Esbuild.Message[] }
    if (errors === undefined) throw error
    return { errors }
  }
}

/** Lists what modules require from outside of the bundle. */
function listExternal(inputs: BundleInputs): string[] {
  const imports = Object.values(inputs).flatMap((input) => input.imports)
  return [...new Set(imports.filter(({ external }) => external === true).map(({ path }) => path))]
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

/** Node's modules stay outside of a bundle for this platform, as do those that the linker has. */
const options = {
  ...moduleTransform,
  absWorkingDir: packageRoot,
  bundle: true,
  write: false,
  metafile: true,
  format: 'iife',
  globalName: 'table',
  platform: 'node',
  external: ['claimsmith:*', ...Object.keys(packageShims)],
  // `refuseNativeAddons` finds native code in the result.
  loader: { '.node': 'empty' },
} as const satisfies Esbuild.BuildOptions

/** Part of a bundle's cache key: the options that affect the result. */
export const bundleOptionsJson: string = JSON.stringify(options)
