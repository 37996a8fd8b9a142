import { createThread } from '../thread/thread.ts'
import type { BcryptRequest } from './bcrypt-thread.ts'

/** Verifies imported bcrypt hashes in one thread of its own, which starts with the first of them. */
export interface Bcrypt {
  verify(password: string, hash: string): Promise<boolean>
  close(): Promise<void>
}

const pattern = /^\$2[aby]\$(\d\d)\$[\w./]{53}$/
const maxCost = 15

/** The cost of a bcrypt hash; undefined for anything else, and for a cost outside 4 to 15. */
export function parseBcryptCost(hash: string): number | undefined {
  const cost = Number(pattern.exec(hash)?.[1])
  return cost >= 4 && cost <= maxCost ? cost : undefined
}

/** A hash of nobody's password, at this cost. */
export function createDummyBcrypt(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}

/** bcryptjs is JavaScript: on the main thread each login would stop the event loop for 60 ms and more. */
export function createBcrypt(): Bcrypt {
  const thread = createThread<BcryptRequest, boolean>({
    url: new URL('./bcrypt-thread', import.meta.url),
    purpose: 'that verifies bcrypt hashes',
  })
  return {
    verify: async (password, hash) => await thread.call({ password, hash }),
    close: async () => await thread.close(),
  }
}
