import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { BcryptAnswer, BcryptQuestion } from './bcrypt-thread.ts'

/** Verifies imported bcrypt hashes in one thread of its own, which starts with the first of them. */
export interface Bcrypt {
  verify(password: string, hash: string): Promise<boolean>
  close(): Promise<void>
}

const form = /^\$2[aby]\$(\d\d)\$[\w./]{53}$/
const maxCost = 15

/** The cost of a bcrypt hash; undefined for anything else, and for a cost outside 4 to 15. */
export function bcryptCost(hash: string): number | undefined {
  const cost = Number(form.exec(hash)?.[1])
  return cost >= 4 && cost <= maxCost ? cost : undefined
}

/** A hash of nobody's password, at this cost. */
export function dummyBcrypt(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}

interface Pending {
  readonly resolve: (matches: boolean) => void
  readonly reject: (error: unknown) => void
}

/**
 * bcryptjs is JavaScript: on the main thread each login would stop the event loop for 60 ms and more.
 *
 * The thread keeps the process alive only while it has something to answer.
 */
export function createBcrypt(): Bcrypt {
  const pending = new Map<number, Pending>()
  let thread: Worker | undefined
  let asked = 0

  function settle(id: number): Pending | undefined {
    const found = pending.get(id)
    pending.delete(id)
    if (pending.size === 0) thread?.unref()
    return found
  }

  function start(): Worker {
    // Beside this file: .ts in the source tree, .js in the package.
    const started = new Worker(new URL(`./bcrypt-thread${extname(import.meta.url)}`, import.meta.url))
    started.on('message', ({ id, matches }: BcryptAnswer) => settle(id)?.resolve(matches))
    started.on('error', (cause) => end(started, cause))
    started.on('exit', () => end(started))
    return started
  }

  function end(ended: Worker, cause?: unknown): void {
    if (ended !== thread) return
    thread = undefined
    const error = new ClaimsmithError('STORE_FAILED', 'The thread that verifies bcrypt hashes ended.', { cause })
    for (const id of pending.keys()) settle(id)?.reject(error)
  }

  return {
    async verify(password, hash) {
      thread ??= start()
      thread.ref()
      const id = (asked += 1)
      const answer = new Promise<boolean>((resolve, reject) => pending.set(id, { resolve, reject }))
      thread.postMessage({ id, password, hash } satisfies BcryptQuestion, [])
      return await answer
    },
    async close() {
      await thread?.terminate()
    },
  }
}
