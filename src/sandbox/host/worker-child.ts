import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { endWithParent } from './end-with-parent.ts'
import { cachedWorkerLoader, serializeCachedWorker } from './cached-worker.ts'
import { findReadableFolders } from './readable-folders.ts'

/** One file, which the build makes of the worker's sources: it starts in half the time. The sources use it, too. */
const workerFile = fileURLToPath(new URL('../../../dist/sandbox/worker/main.cjs', import.meta.url))
const packageFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** A process for a test's worker that nobody has asked for yet. */
let spareChild: ChildProcess | undefined

/**
 * Starts the process of a test's first worker, to be ready by the time that all else is loaded. It keeps nobody alive.
 *
 * This file imports nothing that takes long, so that it can run before all else.
 */
export function startSpare(): void {
  spareChild ??= forkWorker(true)
  // Where it cannot be started, who takes it tries again, and learns why.
  spareChild.on('error', () => undefined)
  setChildReferenced(spareChild, false)
}

/** A process that may read this package and what it depends on, and nothing else; `line`: it has the pipes of a test's. */
export function takeChild(hasSyncChannel: boolean): ChildProcess {
  const child = hasSyncChannel ? spareChild : undefined
  if (child === undefined) return forkWorker(hasSyncChannel)
  spareChild = undefined
  const isAlive = child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return isAlive ? child : forkWorker(hasSyncChannel)
}

/** Whether a worker's process keeps this one alive. */
export function setChildReferenced(child: ChildProcess, isReferenced: boolean): void {
  const method = isReferenced ? 'ref' : 'unref'
  child[method]()
  child.channel?.[method]()
  for (const stream of child.stdio as readonly (Socket | null)[]) {
    // A socket that is closed would wait for its next connection to do so.
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
  // A failed write means that the process is going: its exit says so.
  child.stdin?.on('error', () => undefined).end(cachedWorker)
  endWithParent(child)
  return child
}

/** Found once: an installation that is under way may have moved them. */
let readableFolders: readonly string[] | undefined

function listNodeFlags(): string[] {
  const readablePaths = [...(readableFolders ??= findReadableFolders(packageFolder)), '/etc/alpine-release']
  // Heaps are small, and threads that help to clean them would be in the way of the other processes.
  const flags = ['--no-node-snapshot', '--single-threaded-gc', '--permission', '--allow-addons']
  // That addons are allowed is known here, and saying so takes a tenth of the start.
  flags.push('--disable-warning=SecurityWarning')
  // Node 26 denies the network under the permission model; Node 24 does not know the flag.
  if (process.allowedNodeEnvironmentFlags.has('--allow-net')) flags.push('--allow-net')
  return [...flags, ...readablePaths.map((folder) => `--allow-fs-read=${folder}`)]
}

/** Only what a rule's dates and TLS connections depend on: an environment is full of secrets. */
function pickEnvironment(): NodeJS.ProcessEnv {
  const { TZ, NODE_EXTRA_CA_CERTS } = process.env
  return { ...(TZ === undefined ? {} : { TZ }), ...(NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS }) }
}
