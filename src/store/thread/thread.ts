import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type ThreadResponse, type ThreadRequest, readyId } from './serve-requests.ts'

/**
 * A worker thread that answers calls one after the other.
 *
 * - Stopped: at first, and after the thread has ended or failed. `call` and `ready` start it.
 * - Running: until `close`, or until it ends by itself, which rejects all pending calls.
 */
export interface Thread<Input, Output> {
  /** Rejects with the error of the thread, with its name, message and `errcode`. */
  call(input: Input): Promise<Output>
  /** Resolves once the thread has started. */
  ready(): Promise<void>
  close(): Promise<void>
}

interface PendingCall<Output> {
  readonly resolve: (output: Output) => void
  readonly reject: (error: unknown) => void
}

/** The module that the thread runs. Its URL has no file extension, and it calls `serveRequests`. */
export interface ThreadModule {
  readonly url: URL
  readonly workerData?: unknown
  /** A part of the error message if the thread ends by itself, such as `that verifies bcrypt hashes`. */
  readonly purpose: string
}

/** The thread only keeps the process alive while calls are pending. */
export function createThread<Input, Output>({ url, workerData, purpose }: ThreadModule): Thread<Input, Output> {
  const pending = new Map<number, PendingCall<Output>>()
  let thread: { readonly worker: Worker; readonly ready: Promise<unknown> } | undefined
  let lastId = 0

  function settle(id: number): PendingCall<Output> | undefined {
    const call = pending.get(id)
    pending.delete(id)
    if (pending.size === 0) thread?.worker.unref()
    return call
  }

  function start(): NonNullable<typeof thread> {
    // .ts in the source tree, .js in the package.
    const worker = new Worker(new URL(`${url.href}${extname(import.meta.url)}`), { workerData })
    worker.on('message', ({ id, output, error }: ThreadResponse<Output>) => {
      if (error === undefined) settle(id)?.resolve(output as Output)
      else settle(id)?.reject(Object.assign(new Error(error.message), error))
    })
    worker.on('error', (cause) => end(worker, cause))
    worker.on('exit', () => end(worker))
    const ready = new Promise<Output>((resolve, reject) => pending.set(readyId, { resolve, reject }))
    // `ready()` reports the rejection; without a listener here it would be unhandled.
    ready.catch(() => undefined)
    return { worker, ready }
  }

  function end(worker: Worker, cause?: unknown): void {
    if (worker !== thread?.worker) return
    thread = undefined
    const error = new ClaimsmithError('STORE_FAILED', `The thread ${purpose} ended.`, { cause })
    for (const id of pending.keys()) settle(id)?.reject(error)
  }

  return {
    async call(input) {
      const { worker } = (thread ??= start())
      worker.ref()
      const id = (lastId += 1)
      const output = new Promise<Output>((resolve, reject) => pending.set(id, { resolve, reject }))
      worker.postMessage({ id, input } satisfies ThreadRequest<Input>, [])
      return await output
    },
    async ready() {
      await (thread ??= start()).ready
    },
    async close() {
      await thread?.worker.terminate()
    },
  }
}
