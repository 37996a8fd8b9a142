import { readFileSync, statSync } from 'node:fs'

interface CachedFiles {
  readonly stamp: string
  readonly main: Buffer
  readonly guest: Readonly<Record<string, Buffer>>
}

const guestKinds = ['hardened', 'fresh', 'snapshot', 'find-late-modules'] as const
const guestFiles = guestKinds.map((kind) => [kind, new URL(`../../../dist/guest/${kind}.js`, import.meta.url)] as const)

let cachedFiles: CachedFiles | undefined

/** Runs the output of `serializeCachedWorker` as Node would run the file named by the first argument. */
export const cachedWorkerLoader = `
const { main, guest } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const vm = require('node:vm')
const file = process.argv[1]
globalThis.claimsmithGuest = guest
const source = '(function (require, __filename) {' + main + '\\n})'
const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
new vm.Script(source, { filename: file, importModuleDynamically }).runInThisContext()(require('node:module').createRequire(file), file)
`

/**
 * Serializes the worker's files as they were when this process started its first worker; undefined if they are unchanged on
 * disk.
 *
 * If the package is built or installed again under a running process, workers of the new version may not understand its
 * messages. A worker that is started from this text takes 5 ms longer.
 */
export function serializeCachedWorker(main: string): string | undefined {
  const stamp = stampFiles([main, ...guestFiles.map(([, file]) => file)])
  if (cachedFiles === undefined) {
    // If one is missing, the worker fails to start, and its error names the file.
    if (stamp !== undefined) cachedFiles = readFiles(main, stamp)
    return undefined
  }
  if (cachedFiles.stamp === stamp) return undefined
  const guest = Object.entries(cachedFiles.guest).map(([kind, text]) => [kind, text.toString()])
  return JSON.stringify({ main: cachedFiles.main.toString(), guest: Object.fromEntries(guest) as unknown })
}

function readFiles(main: string, stamp: string): CachedFiles {
  const guest = Object.fromEntries(guestFiles.map(([kind, file]) => [kind, readFileSync(file)]))
  return { stamp, main: readFileSync(main), guest }
}

/** Builds a text that differs between versions of the files; undefined if one is missing. */
function stampFiles(files: readonly (string | URL)[]): string | undefined {
  const stats = files.map((file) => statSync(file, { throwIfNoEntry: false }))
  if (stats.includes(undefined)) return undefined
  // A copied file keeps only the whole milliseconds of its time.
  return stats.map((stat) => `${Math.floor(stat?.mtimeMs ?? 0)} ${stat?.size}`).join()
}
