import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Bundles the worker into one file, in the place of what the compiler wrote of it: to find forty files takes Node longer
 * than to run them, and ES modules longer than CommonJS. What is machine code, or waits for a rule to call out, stays outside.
 */
export async function buildWorker(): Promise<void> {
  rmSync(new URL('../dist/sandbox/worker', import.meta.url), { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: ['src/sandbox/worker/main.ts'],
    outfile: 'dist/sandbox/worker/main.cjs',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    external: ['isolated-vm', 'undici'],
    define: { 'import.meta.url': '__fileUrl' },
    banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href" },
  })
}
