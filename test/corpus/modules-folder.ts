import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/**
 * A folder with packages that are installed here, or else beside the corpus, by their names in it: as somebody who moves
 * scripts would install them.
 */
export function modulesFolder(packages: Readonly<Record<string, string>>, corpus?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-corpus-'))
  for (const [name, installed] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    const target = corpus === undefined ? undefined : join(resolve(corpus), 'node_modules', installed)
    symlinkSync(target !== undefined && existsSync(target) ? target : resolve('node_modules', installed), link)
  }
  return folder
}
