import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listNodeModules } from './node-modules-folders.ts'
import { isProvided, providedPackages } from './module-catalogue.ts'
import { parseSpecifier } from './specifier.ts'

/** Our package's real folder. From here Node's own algorithm finds our dependencies in every layout of `node_modules`. */
export const packageRoot: string = fileURLToPath(new URL('../../..', import.meta.url))

const prefix = 'claimsmith:own/'

/**
 * Names under which an entry requires our copy of a provided package. esbuild resolves the target of an alias in its working
 * directory, which is `packageRoot`.
 */
export const providedAliases: Readonly<Record<string, string>> = Object.fromEntries(
  providedPackages.map((name) => [`${prefix}${name}`, name]),
)

/** Rewrites an expression to require our copy of each provided package that is not installed beside the rules. */
export function requireProvided(expression: string, folders: readonly string[]): string {
  return expression.replace(/require\((['"])(.+?)\1\)/g, (call, quote: string, target: string) => {
    const name = parseSpecifier(target)?.name ?? ''
    return isProvided(name) && !isInstalled(name, folders) ? `require(${quote}${prefix}${target}${quote})` : call
  })
}

function isInstalled(name: string, folders: readonly string[]): boolean {
  return folders.some((folder) => listNodeModules(folder).some((modules) => hasPackage(join(modules, name))))
}

/** An interrupted installation may leave an empty folder. */
function hasPackage(folder: string): boolean {
  return ['package.json', 'index.js'].some((file) => existsSync(join(folder, file)))
}
