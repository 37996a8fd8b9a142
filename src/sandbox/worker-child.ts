import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { extname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assertIsolatedVm } from './assert-isolated-vm.ts'

/** The worker's source while developing; in the package one file, in the form that Node starts soonest. */
const main = fileURLToPath(
  new URL(`./worker/main${extname(import.meta.url) === '.ts' ? '.ts' : '.cjs'}`, import.meta.url),
)
const packageFolder = fileURLToPath(new URL('../../', import.meta.url))

/** A process for a test's worker that nobody has asked for yet. */
let spare: ChildProcess | undefined

/**
 * Starts the process of a test's first worker, to be ready by the time that all else is loaded. It keeps nobody alive.
 *
 * This file imports nothing that takes long, so that it can run before all else.
 */
export function startSpare(): void {
  spare ??= forkWorker(true)
  // Where it cannot be started, who takes it tries again, and learns why.
  spare.on('error', () => undefined)
  holdChild(spare, false)
}

/** A process that may read this package and what it depends on, and nothing else; `line`: it has the pipes of a test's. */
export function takeChild(line: boolean): ChildProcess {
  const child = line ? spare : undefined
  if (child === undefined) return forkWorker(line)
  spare = undefined
  const isAlive = child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return isAlive ? child : forkWorker(line)
}

/** Whether a worker's process keeps this one alive. */
export function holdChild(child: ChildProcess, busy: boolean): void {
  const change = busy ? 'ref' : 'unref'
  child[change]()
  child.channel?.[change]()
  for (const stream of child.stdio) (stream as unknown as { ref(): void; unref(): void } | null)?.[change]()
}

function forkWorker(line: boolean): ChildProcess {
  assertIsolatedVm(import.meta.url)
  return fork(main, [], {
    execArgv: nodeFlags(),
    env: inheritedEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(line ? (['pipe', 'pipe'] as const) : [])],
  })
}

function nodeFlags(): string[] {
  const readable = [packageFolder, ...dependencyFolders(), '/etc/alpine-release']
  // Heaps are small, and threads that help to clean them would be in the way of the other processes.
  const flags = ['--no-node-snapshot', '--single-threaded-gc', '--permission', '--allow-addons']
  // That addons are allowed is known here, and saying so takes a tenth of the start.
  flags.push('--disable-warning=SecurityWarning')
  // Node 26 denies the network under the permission model; Node 24 does not know the flag.
  if (process.allowedNodeEnvironmentFlags.has('--allow-net')) flags.push('--allow-net')
  return [...flags, ...readable.map((folder) => `--allow-fs-read=${folder}`)]
}

/** The outermost `node_modules` of each package that a worker loads: real paths, also where a package manager links them. */
function dependencyFolders(): string[] {
  const require = createRequire(import.meta.url)
  const folders = ['isolated-vm', 'undici', 'ipaddr.js', 'lru-cache'].map((name) => {
    const path = require.resolve(name)
    const marker = `${sep}node_modules${sep}`
    return path.slice(0, path.indexOf(marker) + marker.length)
  })
  return [...new Set(folders)]
}

/** Only what a rule's dates and TLS connections depend on: an environment is full of secrets. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const { TZ, NODE_EXTRA_CA_CERTS } = process.env
  return { ...(TZ === undefined ? {} : { TZ }), ...(NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS }) }
}
