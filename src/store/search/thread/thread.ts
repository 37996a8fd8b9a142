import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { type Answer, type Question, readyId } from './answer.ts'

/** A thread that answers questions one after the other; it starts with the first of them. */
export interface Thread<Asked, Told> {
  /** Rejects with what the thread threw: an Error with its name, message and `errcode`. */
  ask(question: Asked): Promise<Told>
  /** Resolves once the thread has started. */
  ready(): Promise<void>
  close(): Promise<void>
}

interface Pending<Told> {
  readonly resolve: (told: Told) => void
  readonly reject: (error: unknown) => void
}

/** What the thread runs: a module, named without its ending, that calls `answerQuestions`. */
export interface ThreadModule {
  readonly url: URL
  readonly workerData?: unknown
  /** For the error when it ends by itself, such as `that verifies bcrypt hashes`. */
  readonly purpose: string
}

/** The thread keeps the process alive only while it has something to answer. */
export function createThread<Asked, Told>({ url, workerData, purpose }: ThreadModule): Thread<Asked, Told> {
  const pending = new Map<number, Pending<Told>>()
  let thread: { readonly worker: Worker; readonly ready: Promise<unknown> } | undefined
  let asked = 0

  function settle(id: number): Pending<Told> | undefined {
    const found = pending.get(id)
    pending.delete(id)
    if (pending.size === 0) thread?.worker.unref()
    return found
  }

  function start(): NonNullable<typeof thread> {
    // .ts in the source tree, .js in the package.
    const started = new Worker(new URL(`${url.href}${extname(import.meta.url)}`), { workerData })
    started.on('message', ({ id, told, failure }: Answer<Told>) => {
      if (failure === undefined) settle(id)?.resolve(told as Told)
      else settle(id)?.reject(Object.assign(new Error(failure.message), failure))
    })
    started.on('error', (cause) => end(started, cause))
    started.on('exit', () => end(started))
    const ready = new Promise<Told>((resolve, reject) => pending.set(readyId, { resolve, reject }))
    // Whoever waits for it hears of it.
    ready.catch(() => undefined)
    return { worker: started, ready }
  }

  function end(ended: Worker, cause?: unknown): void {
    if (ended !== thread?.worker) return
    thread = undefined
    const error = new ClaimsmithError('STORE_FAILED', `The thread ${purpose} ended.`, { cause })
    for (const id of pending.keys()) settle(id)?.reject(error)
  }

  return {
    async ask(question) {
      const { worker } = (thread ??= start())
      worker.ref()
      const id = (asked += 1)
      const answer = new Promise<Told>((resolve, reject) => pending.set(id, { resolve, reject }))
      worker.postMessage({ id, asked: question } satisfies Question<Asked>, [])
      return await answer
    },
    async ready() {
      await (thread ??= start()).ready
    },
    async close() {
      await thread?.worker.terminate()
    },
  }
}
