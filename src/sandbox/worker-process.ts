import { type ChildProcess, fork } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Line, createLine } from './line.ts'
import { createOutbox } from './outbox.ts'
import { type FromWorker, type ToWorker, type WorkerOptions, isFromWorker } from './protocol.ts'

/** How a worker's process came to its end. */
export interface WorkerExit {
  readonly signal: NodeJS.Signals | null
  readonly exitCode: number | null
  /** The end of what it wrote to stderr; for the operator, never for a client. */
  readonly lastWords: string
}

export interface WorkerEvents {
  readonly onMessage: (message: FromWorker) => void
  /** It sent what no worker of ours sends. */
  readonly onViolation: () => void
  readonly onExit: (exit: WorkerExit) => void
}

export interface WorkerProcess {
  readonly pid: number | undefined
  send(message: ToWorker): void
  /** Where a test runs the rules: what it can wait on. */
  readonly line: Line | undefined
  kill(): void
  /** Whether this worker keeps the embedder's process alive. */
  hold(busy: boolean): void
}

const maxLastWords = 4_000
const main = fileURLToPath(new URL(`./worker/main${extname(import.meta.filename)}`, import.meta.url))
const packageFolder = fileURLToPath(new URL('../../', import.meta.url))

/** Starts a worker: a Node process that may read this package and what it depends on, and nothing else. */
export function startWorkerProcess(options: WorkerOptions, events: WorkerEvents): WorkerProcess {
  const child = fork(main, [], {
    execArgv: nodeFlags(),
    env: inheritedEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(options.line === true ? (['pipe', 'pipe'] as const) : [])],
  })
  let lastWords = ''
  let exited = false

  function exit(exitCode: number | null, signal: NodeJS.Signals | null): void {
    if (exited) return
    exited = true
    events.onExit({ exitCode, signal, lastWords })
  }

  function take(message: unknown): void {
    if (exited) return
    if (isFromWorker(message)) events.onMessage(message)
    else events.onViolation()
  }

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-maxLastWords)
  })
  child.on('message', (messages) => {
    for (const message of Array.isArray(messages) ? messages : [messages]) take(message)
  })
  child.on('error', (error) => {
    lastWords ||= error.message
    if (child.pid === undefined) exit(null, null)
  })
  child.on('exit', exit)
  const outbox = createOutbox<ToWorker>((messages) => {
    // A failed write means that the process is going: its exit says so.
    if (child.connected) child.send(messages, () => undefined)
  })
  outbox.post(options)
  outbox.flush()
  const line = options.line === true ? createLine(child, take) : undefined
  preferForOutOfMemoryKill(child)

  return {
    pid: child.pid,
    send: line?.send ?? outbox.post,
    line,
    kill: () => child.kill('SIGKILL'),
    hold(busy) {
      child[busy ? 'ref' : 'unref']()
      line?.hold(busy)
      child.channel?.[busy ? 'ref' : 'unref']()
      const stderr = child.stderr as unknown as { ref(): void; unref(): void } | null
      stderr?.[busy ? 'ref' : 'unref']()
    },
  }
}

function nodeFlags(): string[] {
  const readable = [packageFolder, ...dependencyFolders(), '/etc/alpine-release']
  const flags = ['--no-node-snapshot', '--permission', '--allow-addons']
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

/** Where the system runs out of memory, a worker is what it should take; Linux alone can be told so. */
function preferForOutOfMemoryKill(child: ChildProcess): void {
  if (process.platform !== 'linux' || child.pid === undefined) return
  writeFile(`/proc/${child.pid}/oom_score_adj`, '1000').catch(() => undefined)
}
