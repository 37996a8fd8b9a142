import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { endWithParent } from './end-with-parent.ts'
import { cachedWorkerLoader, serializeCachedWorker } from './cached-worker.ts'
import type { LaunchOptions } from './launch-options.ts'
import { listWorkerFlags, pickWorkerEnvironment } from './worker-flags.ts'

/** The worker, bundled by the build, which halves the time of a start. It is also used if this file runs from source. */
const workerFile = fileURLToPath(new URL('../../../dist/sandbox/worker/main.cjs', import.meta.url))

/** A process for a test's worker, started in advance. */
let spareChild: ChildProcess | undefined

/**
 * Starts the process of a test's first worker in advance, while everything else is loaded. It does not keep this process
 * alive.
 *
 * This file imports nothing that is slow to load, so that it can run first.
 */
export function startSpare(): void {
  spareChild ??= startChild(true)
  // If it cannot be started, `takeChild` tries again, and its caller gets the error.
  spareChild.on('error', () => undefined)
  setChildReferenced(spareChild, false)
}

/** Takes the spare process, or starts one. It may read this package and its dependencies, and no other file. */
export function takeChild(hasSyncChannel: boolean, launch?: LaunchOptions): ChildProcess {
  const child = hasSyncChannel ? spareChild : undefined
  if (child === undefined) return startChild(hasSyncChannel, launch)
  spareChild = undefined
  const isAlive = child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return isAlive ? child : startChild(hasSyncChannel, launch)
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

/** @throws {ClaimsmithError} SANDBOX_FAILED if the system refuses `uid` or `gid` */
function startChild(hasSyncChannel: boolean, { command = [], ...ids }: LaunchOptions = {}): ChildProcess {
  const cachedWorker = serializeCachedWorker(workerFile)
  const flags = cachedWorker === undefined ? listWorkerFlags() : [...listWorkerFlags(), '--eval', cachedWorkerLoader]
  const [program = process.execPath, ...commandArgs] = command
  const hasCommand = command.length > 0
  const args = [...commandArgs, ...(hasCommand ? [process.execPath] : []), ...flags, workerFile]
  const child = spawnOrThrow(program, args, {
    ...ids,
    // The command is found by it.
    env: { ...pickWorkerEnvironment(), ...(hasCommand ? { PATH: process.env['PATH'] } : {}) },
    serialization: 'advanced',
    // A group of its own: the worker ends with the command, even if the command does not see to that.
    detached: hasCommand,
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
  endWithParent(child, hasCommand)
  return child
}

/** Node emits most errors of a start as events, and throws the others. */
function spawnOrThrow(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, options)
  } catch (cause) {
    const ids = [options.uid, options.gid].every((id) => id === undefined)
      ? ''
      : '; only a privileged process may give its workers another worker.uid or worker.gid'
    const message = `no worker process can be started: ${(cause as Error).message}${ids}`
    throw new ClaimsmithError('SANDBOX_FAILED', message, { cause })
  }
}
