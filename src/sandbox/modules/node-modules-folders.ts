import { dirname, join } from 'node:path'

/** Lists the `node_modules` folders that Node searches for a module in this folder, nearest first. They need not exist. */
export function listNodeModules(folder: string): string[] {
  const parent = dirname(folder)
  const here = join(folder, 'node_modules')
  return parent === folder ? [here] : [here, ...listNodeModules(parent)]
}
