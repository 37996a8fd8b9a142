import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { type SyncChannel, createSyncChannel } from './sync-channel.ts'
import { createOutbox } from '../wire/outbox.ts'
import { isFromWorker, prepareChecks } from '../wire/message-checks.ts'
import type { FromWorker, ToWorker, WorkerOptions } from '../wire/protocol.ts'
import { guardChannel } from './guard-channel.ts'
import type { LaunchOptions } from './launch-options.ts'
import { listProcessTree } from './resources.ts'
import { setChildReferenced, takeChild } from './worker-child.ts'

/** How a worker's process ended. */
export interface WorkerExit {
  readonly signal: NodeJS.Signals | null
  readonly exitCode: number | null
  /** The last 4,000 characters of its stderr, for the operator. They are never sent to a client. */
  readonly stderrTail: string
}

export interface WorkerEvents {
  readonly onMessage: (message: FromWorker) => void
  /** It sent an invalid message. */
  readonly onViolation: () => void
  readonly onExit: (exit: WorkerExit) => void
}

export interface WorkerProcess {
  readonly pid: number | undefined
  send(message: ToWorker): void
  /** Present if a test runs the rules. */
  readonly syncChannel: SyncChannel | undefined
  kill(): void
  /** Sets whether this worker keeps the embedder's process alive. */
  setReferenced(isReferenced: boolean): void
}

const maxStderrTail = 4_000
const maxStderrDelayMs = 200

export type StartProcess = (
  options: WorkerOptions,
  events: WorkerEvents,
  launch: LaunchOptions | undefined,
) => WorkerProcess

/** Starts a worker's process, or takes the spare one. */
export const startWorkerProcess: StartProcess = (options, events, launch) => {
  const child = takeChild(options.hasSyncChannel === true, launch)
  let stderrTail = ''
  let hasExited = false

  function exit(exitCode: number | null, signal: NodeJS.Signals | null): void {
    if (hasExited) return
    hasExited = true
    events.onExit({ exitCode, signal, stderrTail })
  }

  function receive(message: unknown): void {
    if (hasExited) return
    if (isFromWorker(message)) events.onMessage(message)
    else events.onViolation()
  }

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-maxStderrTail)
  })
  guardChannel(child, () => {
    if (!hasExited) events.onViolation()
  })
  child.on('message', (messages) => {
    for (const message of Array.isArray(messages) ? messages : [messages]) receive(message)
  })
  child.on('error', (error) => {
    stderrTail ||= error.message
    if (child.pid === undefined) exit(null, null)
  })
  child.on('exit', (exitCode, signal) => {
    // What it wrote last may arrive after its exit.
    const { stderr } = child
    if (stderr === null || stderr.closed) exit(exitCode, signal)
    stderr?.once('close', () => exit(exitCode, signal))
    // A process that it has left behind may keep the pipe open.
    setTimeout(() => exit(exitCode, signal), maxStderrDelayMs)
  })
  const outbox = createOutbox<ToWorker>((messages) => {
    // A failed write means that the process is ending; its exit is reported.
    if (child.connected) child.send(messages, () => undefined)
  })
  outbox.post(options)
  outbox.flush()
  setImmediate(prepareChecks)
  const syncChannel = options.hasSyncChannel === true ? createSyncChannel(child, receive) : undefined
  preferForOutOfMemoryKill(child)

  return {
    pid: child.pid,
    send: syncChannel?.send ?? outbox.post,
    syncChannel,
    kill: () => killTree(child),
    setReferenced: (isReferenced) => setChildReferenced(child, isReferenced),
  }
}

/** Kills a worker, and the command that started it. */
function killTree(child: ChildProcess): void {
  const pids = child.pid === undefined || child.exitCode !== null ? [] : listProcessTree(child.pid)
  child.kill('SIGKILL')
  for (const pid of pids.slice(1)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended with its parent.
    }
  }
}

/** Makes the out-of-memory killer of Linux choose a worker before the embedder's process. */
function preferForOutOfMemoryKill(child: ChildProcess): void {
  if (process.platform !== 'linux' || child.pid === undefined) return
  writeFile(`/proc/${child.pid}/oom_score_adj`, '1000').catch(() => undefined)
}
