import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bundles the page of the playground, with the licences of what is in it: who installs claimsmith installs none of that. */
export async function buildPlayground(): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { app: 'src/playground/page/main.tsx' },
    outdir: 'dist/playground',
    bundle: true,
    minify: true,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    tsconfig: 'src/playground/page/tsconfig.json',
  })
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  const licenses = [...packages].toSorted().map((name) => `${name}\n\n${licenseOf(name)}`)
  writeFileSync(join(root, 'dist/playground/LICENSES.txt'), licenses.join('\n\n----\n\n'))
}

function licenseOf(name: string): string {
  const folder = join(root, 'node_modules', name)
  const file = existsSync(folder) ? readdirSync(folder).find((one) => /^licen[cs]e/i.test(one)) : undefined
  if (file === undefined) throw new Error(`${name} is in the page of the playground, and has no licence`)
  return readFileSync(join(folder, file), 'utf8').trim()
}
