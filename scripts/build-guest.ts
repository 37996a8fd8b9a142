import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bundles what runs inside the isolate: one script for hardened realms, one without `ses` for fresh ones. */
export async function buildGuest(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/sandbox/guest/hardened.ts', 'src/sandbox/guest/fresh.ts'],
    outdir: 'dist/guest',
    bundle: true,
    format: 'iife',
    globalName: 'guest',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2024',
    minifySyntax: true,
    // Strict, as `ses` demands; and no global of ours is left behind: the script's value is the boot function.
    banner: { js: '(function () { "use strict";' },
    footer: { js: 'return guest.boot; })()' },
  })
}
