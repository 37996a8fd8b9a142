import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Http from 'node:http'
import type * as Zlib from 'node:zlib'
import type * as Esbuild from 'esbuild'
import { type Inputs, machineCodeOf } from './machine-code.ts'
import { nodeModules, ownPackages, refusedNodeModules, successors } from './offers.ts'
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
  fileURLToPath(new URL(`../guest/node/${name.endsWith('.cjs') ? name : name + extension}`, import.meta.url))
const require = createRequire(import.meta.url)
const { resolve } = require
const ownFolder = fileURLToPath(new URL('../../..', import.meta.url))

const shims = 'host-module rule-crypto rule-ip rule-jwt rule-postgres rule-sqlserver rule-uuid rule-xmldom'.split(' ')

type Attempt =
  | { readonly code: string; readonly inputs: Inputs; readonly errors?: undefined }
  | { readonly errors: readonly Esbuild.Message[] }

/** What is still to be bundled, and what has been given up. */
interface Plan {
  readonly wanted: Map<string, string>
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
  const plan: Plan = { wanted: new Map(entries), external: new Set(), missing: [], refused: [], reasons: {} }
  for (;;) {
    const result = attempt(plan.wanted, folders, plan.external)
    if (result.errors !== undefined) giveUp(plan, folders, result.errors)
    else if (!refuseMachineCode(plan, result.inputs)) {
      const { missing, refused, reasons } = plan
      const files = Object.keys(result.inputs)
      const built = { code: result.code, missing, refused, reasons, versions: versionsOf(entries, files) }
      return { built, inputs: files.filter(isFile) }
    }
  }
}

/** Takes out of the plan what the errors speak of. */
function giveUp(
  { wanted, external, missing, ...plan }: Plan,
  folders: readonly string[],
  errors: readonly Esbuild.Message[],
): void {
  const before = [wanted.size, external.size].join()
  const names = [...wanted.keys()]
  for (const { location, text } of errors) {
    const entry = location?.file === '<stdin>' ? names[location.line - 2] : undefined
    const unresolved = /^Could not resolve "(.+)"$/.exec(text)?.[1]
    if (entry !== undefined && wanted.delete(entry)) missing.push(entry)
    // A module of a module that is not there: it may be one of those that are tried and done without.
    else if (unresolved !== undefined) external.add(unresolved)
  }
  if ([wanted.size, external.size].join() !== before) return
  // Errors inside modules: each entry alone shows which of them have one.
  for (const [entry, expression] of wanted) {
    const [error] = attempt(new Map([[entry, expression]]), folders, external).errors ?? []
    if (error === undefined) continue
    wanted.delete(entry)
    plan.refused.push(entry)
    plan.reasons[entry] = `it cannot be bundled (${error.text}); use a version in plain CommonJS`
  }
  if ([wanted.size, external.size].join() === before) throw new Error(errors[0]?.text)
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

/** The entries themselves are an input, too, which is no file. */
function isFile(input: string): boolean {
  return input !== '<stdin>'
}

function attempt(
  entries: ReadonlyMap<string, string>,
  [folder = ownFolder, ...others]: readonly string[],
  external: ReadonlySet<string>,
): Attempt {
  // Loaded only to make a bundle: one that is on disk already is had without.
  const { buildSync } = require('esbuild') as typeof Esbuild
  const lines = [...entries].map(([name, expression]) => `${JSON.stringify(name)}: () => (${expression}),`)
  try {
    const { outputFiles, metafile } = buildSync({
      ...options,
      define: { ...options.define, ...nodeFacts() },
      stdin: { contents: `module.exports = {\n${lines.join('\n')}\n}`, resolveDir: folder },
      nodePaths: [...others.map((other) => join(other, 'node_modules')), join(ownFolder, 'node_modules')],
      external: [...external],
    }) as Esbuild.BuildResult<typeof options>
    return { code: outputFiles[0]?.text ?? '', inputs: metafile.inputs }
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly Esbuild.Message[] }
    if (errors === undefined) throw error
    return { errors }
  }
}

/** What is left of `require` in a bundle: modules that are nowhere, and names that only running a module tells. */
const missingRequire = `function require(name) {
  throw Object.assign(new Error("Cannot find module '" + name + "', which a module asks for: install it beside the rules, or use one whose requires name their modules"), { code: 'MODULE_NOT_FOUND' })
}
`

const options = {
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
  inject: [guestFile('inject')],
  alias: {
    ...successors,
    ...Object.fromEntries(Object.entries(ownPackages).map(([name, file]) => [name, guestFile(file)])),
    ...Object.fromEntries(refusedNodeModules.flatMap((name) => both(name, guestFile('refused.cjs')))),
    ...Object.fromEntries(
      Object.entries(nodeModules).flatMap(([name, found]) =>
        both(name, 'file' in found ? guestFile(found.file) : resolve(found.package)),
      ),
    ),
    // The packages behind those of our files that go by the same name.
    'claimsmith:url': resolve('url/'),
    'claimsmith:util': resolve('util/'),
    ...Object.fromEntries(shims.map((name) => [`claimsmith:${name}`, guestFile(name)])),
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

/** The version of the package behind each entry, read from where the bundle found it. */
function versionsOf(entries: ReadonlyMap<string, string>, inputs: readonly string[]): Record<string, string> {
  const found: [string, string][] = []
  for (const specifier of entries.keys()) {
    const name = parseSpecifier(specifier)?.name ?? ''
    const home = `/node_modules/${successors[name] ?? name}/`
    const input = inputs.map((path) => `/${path}`).find((path) => path.includes(home))
    if (input === undefined) continue
    const folder = input.slice(1, input.lastIndexOf(home) + home.length)
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: unknown }
    if (typeof version === 'string') found.push([specifier, version])
  }
  return Object.fromEntries(found)
}
