import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BuiltBundle } from './build-bundle.ts'
import { listNodeModules } from './node-modules-folders.ts'

const require = createRequire(import.meta.url)

/** A stored bundle, with the state of every file and folder that it depends on. */
interface CachedBundle {
  readonly built: BuiltBundle
  readonly state: readonly (readonly [path: string, state: string])[]
}

/** `optionsJson` is part of the cache key. */
interface BundleBuilder {
  readonly optionsJson: string
  build(): { readonly built: BuiltBundle; readonly inputs: readonly string[] }
}

/**
 * Loads the bundle of these entries from the user's cache folder, or builds and stores it if a file that it depends on has
 * changed. A cache that cannot be read or written is ignored.
 */
export function loadBundle(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
  { optionsJson, build }: BundleBuilder,
): BuiltBundle {
  const { version: esbuildVersion } = require('esbuild/package.json') as { readonly version: string }
  const content = [optionsJson, esbuildVersion, process.version, import.meta.url, [...entries], folders]
  const key = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const file = join(resolveCacheFolder(), `${key}.json`)
  const cached = read(file)
  if (cached !== undefined && cached.state.every(([path, state]) => readState(path) === state)) return cached.built
  const { built, inputs } = build()
  const watchedPaths = new Set([...inputs, ...folders.flatMap(listNodeModules).flatMap(listWithScopes)])
  write(file, { built, state: [...watchedPaths].map((path) => [path, readState(path)]) })
  return built
}

function resolveCacheFolder(): string {
  const { XDG_CACHE_HOME: cacheHome } = process.env
  const baseFolder = cacheHome === undefined || cacheHome === '' ? join(homedir(), '.cache') : cacheHome
  return join(baseFolder, 'claimsmith', 'modules')
}

/** Lists a `node_modules` and its scope folders. If a package is installed, one of them changes; for a scoped one, its scope. */
function listWithScopes(modules: string): string[] {
  return [
    modules,
    ...listNames(modules)
      .filter((name) => name.startsWith('@'))
      .map((scope) => join(modules, scope)),
  ]
}

/** Returns nothing if the folder does not exist, or if this user may not read it. */
function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readState(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? 'none' : `${stats.size} ${stats.mtimeMs}`
}

/** Reads a stored bundle; undefined if another user could have written it, because rules run it. */
function read(file: string): CachedBundle | undefined {
  try {
    const { uid, mode } = statSync(dirname(file))
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOurs ? (JSON.parse(readFileSync(file, 'utf8')) as CachedBundle) : undefined
  } catch {
    return undefined
  }
}

function write(file: string, cached: CachedBundle): void {
  const draft = `${file}.${randomUUID()}`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(draft, JSON.stringify(cached), { mode: 0o600 })
    renameSync(draft, file)
  } catch {
    rmSync(draft, { force: true })
  }
}
