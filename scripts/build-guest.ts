import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { updatePart } from './update-part.ts'

/** The scripts that run inside the isolate: for hardened realms, and without `ses` for fresh ones and for snapshots of those. */
export const guestPart: BuildPart = {
  name: 'guest',
  listInputs: listCommonInputs,
  async write(root, folder) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['hardened', 'fresh', 'snapshot', 'find-late-modules'].map((kind) => `src/sandbox/guest/${kind}.ts`),
      outdir: join(folder, 'guest'),
      bundle: true,
      metafile: true,
      format: 'iife',
      globalName: 'guest',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2024',
      minifySyntax: true,
      minifyWhitespace: true,
      // `ses` needs strict mode. The script defines no global: its value is the boot function.
      banner: { js: '(function () { "use strict";' },
      footer: { js: 'return guest.boot; })()' },
    })
    return Object.keys(metafile.inputs)
  },
}

/** Bundles the guest if an input has changed. */
export async function buildGuest(target: string = distFolder): Promise<void> {
  await updatePart(guestPart, { root: rootFolder, target })
}
