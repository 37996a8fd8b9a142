import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { updatePart } from './update-part.ts'

const tsconfig = 'src/playground/page/tsconfig.json'

/** The page of the playground. */
export const playgroundPart: BuildPart = {
  name: 'playground',
  listInputs: (root) => [...listCommonInputs(root), tsconfig],
  async write(root, folder) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: { app: 'src/playground/page/main.tsx' },
      outdir: join(folder, 'playground'),
      bundle: true,
      minify: true,
      metafile: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      tsconfig,
    })
    return Object.keys(metafile.inputs)
  },
}

/** Bundles the page of the playground if an input has changed. */
export async function buildPlayground(target: string = distFolder): Promise<void> {
  await updatePart(playgroundPart, { root: rootFolder, target })
}
