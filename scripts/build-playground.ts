import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { updatePart } from './update-part.ts'

const tsconfig = 'src/playground/page/tsconfig.json'

/** The page of the playground, with the licences of what is in it: who installs claimsmith installs none of that. */
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

/** Bundles the page of the playground, unless nothing has changed. */
export async function buildPlayground(target: string = distFolder): Promise<void> {
  await updatePart(playgroundPart, { root: rootFolder, target })
}

function readLicense(root: string, name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = existsSync(folder) ? readdirSync(folder).find((one) => /^licen[cs]e/i.test(one)) : undefined
  if (file === undefined) throw new Error(`${name} is in the page of the playground, and has no licence`)
  return readFileSync(join(folder, file), 'utf8').trim()
}
