import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { updatePart } from './update-part.ts'

/**
 * The worker as one CommonJS file: Node takes longer to find forty files than to run them, and loads CommonJS faster than
 * ES modules. Two packages stay outside: isolated-vm is native code, and undici is only loaded if a rule makes a request.
 */
export const workerPart: BuildPart = {
  name: 'worker',
  listInputs: listCommonInputs,
  async write(root, folder) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['src/sandbox/worker/main.ts'],
      outfile: join(folder, 'sandbox/worker/main.cjs'),
      bundle: true,
      metafile: true,
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      external: ['isolated-vm', 'undici'],
      define: { 'import.meta.url': '__fileUrl' },
      banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href" },
    })
    return Object.keys(metafile.inputs)
  },
}

/** Bundles the worker if an input has changed. */
export async function buildWorker(target: string = distFolder): Promise<void> {
  await updatePart(workerPart, { root: rootFolder, target })
}
