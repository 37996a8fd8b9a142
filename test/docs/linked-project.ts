import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Folders for pages that all have the packages of this checkout. */
export interface LinkedProject {
  readonly root: string
  /** Makes a folder that holds nothing but `node_modules`. */
  createFolder(name: string): string
  /** Makes a folder that also links to what this checkout runs. */
  createCheckout(name: string): string
  remove(): void
}

/** Lays out `node_modules` as an installation does: claimsmith as it is published, and a link to every other package. */
export function createLinkedProject(): LinkedProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'claimsmith-docs-')))
  const modules = join(root, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  for (const name of readdirSync('node_modules').filter((entry) => !entry.startsWith('.'))) {
    symlinkSync(resolve('node_modules', name), join(modules, name))
  }
  for (const name of readdirSync('node_modules/.bin')) {
    symlinkSync(realpathSync(join('node_modules/.bin', name)), join(modules, '.bin', name))
  }
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: readonly string[] }
  for (const file of ['package.json', ...files.filter((name) => !name.startsWith('!'))]) {
    cpSync(file, join(modules, 'claimsmith', file), { recursive: true })
  }
  symlinkSync(join(modules, 'claimsmith/dist/cli/main.js'), join(modules, '.bin/claimsmith'))
  // Node looks for it upward from a page’s folder, which stays empty.
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  const createFolder = (name: string): string => {
    const folder = join(root, name)
    mkdirSync(folder)
    symlinkSync(modules, join(folder, 'node_modules'))
    return folder
  }
  return {
    root,
    createFolder,
    createCheckout(folderName) {
      const folder = createFolder(folderName)
      for (const name of ['package.json', 'dist', 'rules-examples']) symlinkSync(resolve(name), join(folder, name))
      return folder
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  }
}
