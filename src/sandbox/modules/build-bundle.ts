import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, type BuildResult, type Message, buildSync } from 'esbuild'
import { nodeModules, refusedNodeModules, successors } from './offers.ts'
import { parseSpecifier } from './specifier.ts'

export interface Built {
  readonly code: string
  /** The entries whose module is nowhere to be found. */
  readonly missing: readonly string[]
  readonly versions: Readonly<Record<string, string>>
}

/** Our own files: sources while developing, JavaScript in the package. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
const guestFile = (name: string): string =>
  fileURLToPath(new URL(`../guest/node/${name.endsWith('.cjs') ? name : name + extension}`, import.meta.url))
const { resolve } = createRequire(import.meta.url)
const ownFolder = fileURLToPath(new URL('../../..', import.meta.url))

const shims = ['rule-crypto', 'rule-ip', 'rule-jwt', 'rule-mongo', 'rule-mysql', 'rule-postgres', 'rule-sqlserver']

/** Bundles one expression per entry, each of which runs when its thunk is called first. */
export function buildBundle(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
): { readonly built: Built; readonly inputs: readonly string[] } {
  const wanted = new Map(entries)
  const missing: string[] = []
  const external = new Set<string>()
  for (;;) {
    const names = [...wanted.keys()]
    const lines = [...wanted].map(([name, expression]) => `${JSON.stringify(name)}: () => (${expression}),`)
    const contents = `module.exports = {\n${lines.join('\n')}\n}`
    const result = attempt(contents, folders, [...external])
    if ('code' in result) {
      const { code, inputs } = result
      return { built: { code, missing, versions: versionsOf(entries, inputs) }, inputs: inputs.filter(isFile) }
    }
    for (const { location, text } of result.errors) {
      const entry = location?.file === '<stdin>' ? names[location.line - 2] : undefined
      const unresolved = /^Could not resolve "(.+)"$/.exec(text)?.[1]
      if (entry !== undefined && wanted.delete(entry)) missing.push(entry)
      // A module of a module that is not there: it may be one of those that are tried and done without.
      else if (unresolved !== undefined && !external.has(unresolved)) external.add(unresolved)
      else if (entry === undefined) throw new Error(`a module could not be bundled: ${text}`)
    }
  }
}

/** The entries themselves are an input, too, which is no file. */
function isFile(input: string): boolean {
  return input !== '<stdin>'
}

function attempt(
  contents: string,
  [folder = ownFolder, ...others]: readonly string[],
  external: string[],
): { readonly code: string; readonly inputs: readonly string[] } | { readonly errors: readonly Message[] } {
  try {
    const { outputFiles, metafile } = buildSync({
      ...options,
      stdin: { contents, resolveDir: folder },
      nodePaths: [...others.map((other) => join(other, 'node_modules')), join(ownFolder, 'node_modules')],
      external,
    }) as BuildResult<typeof options>
    return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) }
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly Message[] }
    if (errors === undefined) throw error
    return { errors }
  }
}

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
  define: { global: 'globalThis', __claimsmithNodeVersion: JSON.stringify(process.version) },
  inject: [guestFile('inject')],
  alias: {
    ...successors,
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
  banner: { js: '(function (__claimsmith) {' },
  footer: { js: 'return table })' },
} as const satisfies BuildOptions

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
