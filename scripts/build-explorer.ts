import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { updatePart } from './update-part.ts'

const require = createRequire(import.meta.url)
const from = dirname(require.resolve('swagger-ui-dist/package.json'))
const files = ['swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui.css', 'LICENSE', 'NOTICE']

/** The files of the Management API explorer: the browser part of Swagger UI, and its licence. */
export const explorerPart: BuildPart = {
  name: 'explorer',
  listInputs: (root) => [...listCommonInputs(root), ...files.map((file) => relative(root, join(from, file)))],
  async write(_root, folder) {
    const to = join(folder, 'explorer')
    mkdirSync(to)
    for (const file of files) copyFileSync(join(from, file), join(to, file))
    return []
  },
}

/** Copies the files of the explorer if one has changed. */
export async function buildExplorer(target: string = distFolder): Promise<void> {
  await updatePart(explorerPart, { root: rootFolder, target })
}
