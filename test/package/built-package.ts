import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

const run = promisify(execFile)
const copied = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts', 'src', 'schemas', 'rules-examples']

/**
 * Builds the package from the sources as they are, into a folder that is gone when the tests of the file are over.
 *
 * The checkout's own `dist` may be older, and other tests may be running from it. Resolves to the folder of an embedder
 * whose `node_modules` has the package, and each package of the checkout.
 */
export async function installBuiltPackage(): Promise<string> {
  const embedder = mkdtempSync(join(tmpdir(), 'claimsmith-embedder-'))
  afterAll(() => rmSync(embedder, { recursive: true }))
  linkPackages(embedder)
  // Node.js strips no types below node_modules, so the package is built beside it.
  const folder = join(embedder, 'build')
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true })
  const path = `${join(process.cwd(), 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`
  await run(process.execPath, ['scripts/build.ts'], { cwd: folder, env: { ...process.env, PATH: path } })
  renameSync(folder, join(embedder, 'node_modules', 'claimsmith'))
  return embedder
}

function linkPackages(embedder: string): void {
  const modules = join(embedder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync('node_modules')) {
    symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name), 'junction')
  }
}
