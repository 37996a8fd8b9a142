import { execFile } from 'node:child_process'
import { chmodSync, globSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { BuildPart } from './build-part.ts'
import { listCommonInputs } from './checkout.ts'
import { removePrivateTypes } from './remove-private-types.ts'

const execFileAsync = promisify(execFile)
const { resolve } = createRequire(import.meta.url)

/** The compiled modules of the package, and the command. */
export const modulesPart: BuildPart = {
  name: 'modules',
  listInputs: (root) => [
    ...listCommonInputs(root),
    'tsconfig.build.json',
    ...globSync('src/**/*.ts', { cwd: root, exclude: ['src/playground/page/**'] }),
  ],
  async write(root, folder) {
    await compile(root, folder)
    // The worker, and all that runs in its isolates, are bundles.
    for (const part of ['sandbox/worker', 'sandbox/guest', 'sandbox/net/guest'])
      rmSync(join(folder, part), { recursive: true, force: true })
    const bundledInputs = await bundleCache(root, folder)
    removePrivateTypes(root, folder)
    // npm makes the command executable when it links it. A later build has to do it again.
    chmodSync(join(folder, 'cli/main.js'), 0o755)
    return bundledInputs
  },
}

/** Puts the code of lru-cache in the place of its import: the package holds several builds of it, with source maps. */
async function bundleCache(root: string, folder: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cache/lru-cache.ts'],
    outfile: join(folder, 'cache/lru-cache.js'),
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  })
  return Object.keys(metafile.inputs)
}

async function compile(root: string, folder: string): Promise<void> {
  const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
  try {
    await execFileAsync(process.execPath, [tsc, '--project', join(root, 'tsconfig.build.json'), '--outDir', folder])
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string }
    throw new Error(`the compiler found errors:\n${stdout}`, { cause: error })
  }
}
