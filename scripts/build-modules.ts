import { execFile } from 'node:child_process'
import { chmodSync, globSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
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
    for (const part of ['sandbox/worker', 'sandbox/net/worker', 'sandbox/guest', 'sandbox/net/guest'])
      rmSync(join(folder, part), { recursive: true, force: true })
    removePrivateTypes(root, folder)
    // npm makes the command executable when it links it. A later build has to do it again.
    chmodSync(join(folder, 'cli/main.js'), 0o755)
    return []
  },
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
