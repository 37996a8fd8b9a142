import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

/**
 * Makes the folder of an embedder: its `node_modules` has a copy of the built package, and each package of the checkout.
 *
 * The folder is gone when the tests of the file are over.
 */
export function installBuiltPackage(): string {
  const embedder = mkdtempSync(join(tmpdir(), 'claimsmith-embedder-'))
  afterAll(() => rmSync(embedder, { recursive: true }))
  const modules = join(embedder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync('node_modules')) {
    symlinkSync(resolve('node_modules', name), join(modules, name), 'junction')
  }
  for (const name of ['package.json', 'dist']) cpSync(name, join(modules, 'claimsmith', name), { recursive: true })
  return embedder
}
