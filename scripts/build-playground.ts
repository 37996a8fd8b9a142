import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { updatePart } from './update-part.ts'

const tsconfig = 'src/playground/page/tsconfig.json'

/** The page of the playground, with the licences of the bundled packages: they are not installed with claimsmith. */
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
    const inputs = Object.keys(metafile.inputs)
    const packages = new Set(
      inputs.flatMap((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
    )
    const licenses = [...packages].toSorted().map((name) => `${name}\n\n${readLicense(root, name)}`)
    writeFileSync(join(folder, 'playground/LICENSES.txt'), licenses.join('\n\n----\n\n'))
    return inputs
  },
}

/** Bundles the page of the playground if an input has changed. */
export async function buildPlayground(target: string = distFolder): Promise<void> {
  await updatePart(playgroundPart, { root: rootFolder, target })
}

function readLicense(root: string, name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = existsSync(folder) ? readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry)) : undefined
  if (file === undefined)
    throw new Error(`${name} is bundled into the playground, and has no licence file in ${folder}`)
  return readFileSync(join(folder, file), 'utf8').trim()
}
