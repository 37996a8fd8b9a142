import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the package as `npm run build` does: some tests use it as an embedder does. */
export function setup(): void {
  const commands = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))
  const env = { ...process.env, PATH: `${commands}${delimiter}${process.env['PATH'] ?? ''}` }
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
}
