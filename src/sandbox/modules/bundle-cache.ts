import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Built } from './build-bundle.ts'
import { listNodeModules } from './node-modules-folders.ts'
import { ownFolder } from './own-packages.ts'

const { version: esbuildVersion } = createRequire(import.meta.url)('esbuild/package.json') as {
  readonly version: string
}

/** A bundle as it is kept, with the state of every file that went into it. */
interface Kept {
  readonly built: Built
  readonly state: readonly (readonly [path: string, state: string])[]
}

/** How bundles are made: a kept one counts while `form`, which tells all of our own settings, is the same. */
interface BundleMaker {
  readonly form: string
  build(): { readonly built: Built; readonly inputs: readonly string[] }
}

/**
 * The bundle of these entries, from the user's cache folder where nothing that it was made of has changed, otherwise made
 * and kept. A cache that cannot be read or written is done without.
 */
export function cachedBundle(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
  { form, build }: BundleMaker,
): Built {
  const content = [form, esbuildVersion, process.version, import.meta.url, [...entries], folders]
  const key = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const file = join(cacheFolder(), `${key}.json`)
  const kept = read(file)
  if (kept !== undefined && kept.state.every(([path, state]) => stateOf(path) === state)) return kept.built
  const { built, inputs } = build()
  const watched = new Set([...inputs, ...[...folders, ownFolder].flatMap(listNodeModules).flatMap(withScopes)])
  write(file, { built, state: [...watched].map((path) => [path, stateOf(path)]) })
  return built
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: given } = process.env
  const home = given === undefined || given === '' ? join(homedir(), '.cache') : given
  return join(home, 'claimsmith', 'modules')
}

/** A package that is installed later changes one of these folders; one with a scope may change that of its scope alone. */
function withScopes(modules: string): string[] {
  return [
    modules,
    ...listNames(modules)
      .filter((name) => name.startsWith('@'))
      .map((scope) => join(modules, scope)),
  ]
}

/** A folder that is not there, or that this user may not read, has no packages for the rules. */
function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.size} ${found.mtimeMs}`
}

/** What somebody else could have written is not run. */
function read(file: string): Kept | undefined {
  try {
    const { uid, mode } = statSync(dirname(file))
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOurs ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined
  } catch {
    return undefined
  }
}

function write(file: string, kept: Kept): void {
  const draft = `${file}.${randomUUID()}`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 })
    renameSync(draft, file)
  } catch {
    rmSync(draft, { force: true })
  }
}
