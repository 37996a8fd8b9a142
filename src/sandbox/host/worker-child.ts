import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { hostsFile } from '../net/hosts-file.ts'
import { endWithParent } from './end-with-parent.ts'
import { cachedWorkerLoader, serializeCachedWorker } from './cached-worker.ts'
import { findReadableFolders } from './readable-folders.ts'

/** The worker, bundled by the build, which halves the time of a start. It is also used if this file runs from source. */
const workerFile = fileURLToPath(new URL('../../../dist/sandbox/worker/main.cjs', import.meta.url))
const packageFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** A process for a test's worker, started in advance. */
let spareChild: ChildProcess | undefined

/**
 * Starts the process of a test's first worker in advance, while everything else is loaded. It does not keep this process
 * alive.
 *
 * This file imports nothing that is slow to load, so that it can run first.
 */
export function startSpare(): void {
  spareChild ??= forkWorker(true)
  // If it cannot be started, `takeChild` tries again, and its caller gets the error.
  spareChild.on('error', () => undefined)
  setChildReferenced(spareChild, false)
}

/** Takes the spare process, or forks one. It may read this package and its dependencies, and no other file. */
export function takeChild(hasSyncChannel: boolean): ChildProcess {
  const child = hasSyncChannel ? spareChild : undefined
  if (child === undefined) return forkWorker(hasSyncChannel)
  spareChild = undefined
  const isAlive = child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return isAlive ? child : forkWorker(hasSyncChannel)
}

/** Sets whether a worker's process keeps this one alive. */
export function setChildReferenced(child: ChildProcess, isReferenced: boolean): void {
  const method = isReferenced ? 'ref' : 'unref'
  child[method]()
  child.channel?.[method]()
  for (const stream of child.stdio as readonly (Socket | null)[]) {
    // If the socket is closed, `ref` or `unref` would apply to its next connection.
    if (stream?.destroyed === false) stream[method]()
  }
}

function forkWorker(hasSyncChannel: boolean): ChildProcess {
  const cachedWorker = serializeCachedWorker(workerFile)
  const child = fork(workerFile, [], {
    execArgv: cachedWorker === undefined ? listNodeFlags() : [...listNodeFlags(), '--eval', cachedWorkerLoader],
    env: pickEnvironment(),
    serialization: 'advanced',
    stdio: [
      cachedWorker === undefined ? 'ignore' : 'pipe',
      'ignore',
      'pipe',
      'ipc',
      ...(hasSyncChannel ? (['pipe', 'pipe'] as const) : []),
    ],
  })
  // A failed write means that the process is ending; its exit is reported.
  child.stdin?.on('error', () => undefined).end(cachedWorker)
  endWithParent(child)
  return child
}

/** Found once, because a later installation may move them while this process runs. */
let readableFolders: readonly string[] | undefined

function listNodeFlags(): string[] {
  const readablePaths = [...(readableFolders ??= findReadableFolders(packageFolder)), '/etc/alpine-release', hostsFile]
  // Heaps are small; threads for garbage collection would only take CPU from other processes.
  const flags = ['--no-node-snapshot', '--single-threaded-gc', '--permission', '--allow-addons']
  // Printing the warning about addons takes a tenth of the start.
  flags.push('--disable-warning=SecurityWarning')
  // Node 26 denies the network under the permission model; Node 24 does not know the flag.
  if (process.allowedNodeEnvironmentFlags.has('--allow-net')) flags.push('--allow-net')
  return [...flags, ...readablePaths.map((folder) => `--allow-fs-read=${folder}`)]
}

/**
 * Threads of a worker's pool. WebCrypto has two of them, and look-ups that DNS cannot answer at most half; the others expand
 * responses.
 */
const poolThreads = 8

/** Picks the variables that dates and TLS connections depend on. All others may hold secrets. */
function pickEnvironment(): NodeJS.ProcessEnv {
  const { TZ, NODE_EXTRA_CA_CERTS } = process.env
  return { TZ, NODE_EXTRA_CA_CERTS, UV_THREADPOOL_SIZE: String(poolThreads) }
}
