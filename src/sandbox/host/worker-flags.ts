import { fileURLToPath } from 'node:url'
import { hostsFile } from '../net/hosts-file.ts'
import { findReadableFolders } from './readable-folders.ts'

const packageFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** Found once, because a later installation may move them while this process runs. */
let readableFolders: readonly string[] | undefined

/**
 * Lists the flags that a worker's Node gets. It may read this package and its dependencies, and no other file.
 *
 * @throws {ClaimsmithError} SANDBOX_FAILED if isolated-vm is not installed, or has no binary for this Node.js and platform
 */
export function listWorkerFlags(): string[] {
  const readablePaths = [...(readableFolders ??= findReadableFolders(packageFolder)), '/etc/alpine-release', hostsFile]
  // Heaps are small; threads for garbage collection would only take CPU from other processes.
  const flags = ['--no-node-snapshot', '--single-threaded-gc', '--permission', '--allow-addons']
  // Printing the warning about addons takes a tenth of the start.
  flags.push('--disable-warning=SecurityWarning')
  return [
    ...flags,
    ...versionFlags.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
    ...readablePaths.map((folder) => `--allow-fs-read=${folder}`),
  ]
}

/** Flags that some versions of Node do not know. */
const versionFlags = [
  // Node 26 denies the network under the permission model.
  '--allow-net',
  // SQLite opens files without asking the permission model.
  '--no-experimental-sqlite',
  '--no-experimental-webstorage',
  // No signal starts a debugger.
  '--disable-sigusr1',
]

/**
 * Threads of a worker's pool. WebCrypto has two of them, and look-ups that DNS cannot answer at most half; the others expand
 * responses.
 */
const poolThreads = 8

/** Picks the variables that dates and TLS connections depend on. All others may hold secrets. */
export function pickWorkerEnvironment(): NodeJS.ProcessEnv {
  const { TZ, NODE_EXTRA_CA_CERTS } = process.env
  return { TZ, NODE_EXTRA_CA_CERTS, UV_THREADPOOL_SIZE: String(poolThreads) }
}
