import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))

/** Copies what the explorer of the Management API shows itself with: the browser's part of Swagger UI, and its licence. */
export function buildExplorer(): void {
  const from = dirname(require.resolve('swagger-ui-dist/package.json'))
  const to = join(root, 'dist/explorer')
  mkdirSync(to, { recursive: true })
  for (const file of [
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'swagger-ui.css',
    'LICENSE',
    'NOTICE',
  ]) {
    copyFileSync(join(from, file), join(to, file))
  }
}
