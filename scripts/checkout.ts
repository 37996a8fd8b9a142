import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const rootFolder: string = fileURLToPath(new URL('..', import.meta.url))
export const distFolder: string = join(rootFolder, 'dist')

/** The inputs of every part: the build scripts, and the versions of the packages. */
export function listCommonInputs(root: string): readonly string[] {
  return [
    'package.json',
    'package-lock.json',
    'node_modules/.package-lock.json',
    'tsconfig.json',
    ...globSync('scripts/*.ts', { cwd: root }),
  ]
}
