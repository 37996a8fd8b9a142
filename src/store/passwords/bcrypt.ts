import { createThread } from '../thread/thread.ts'
import type { BcryptRequest } from './bcrypt-thread.ts'

/** Verifies imported bcrypt hashes in a separate thread, which starts with the first hash. */
export interface Bcrypt {
  verify(password: string, hash: string): Promise<boolean>
  close(): Promise<void>
}

const pattern = /^\$2[aby]\$(\d\d)\$[\w./]{53}$/
const maxCost = 15

/** The cost of a bcrypt hash. Undefined if it is not a bcrypt hash or its cost is outside 4 to 15. */
export function parseBcryptCost(hash: string): number | undefined {
  const cost = Number(pattern.exec(hash)?.[1])
  return cost >= 4 && cost <= maxCost ? cost : undefined
}

/** A bcrypt hash of this cost that matches no password. */
export function createDummyBcrypt(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}

/** bcryptjs is JavaScript: on the main thread each login would block the event loop for at least 60 ms. */
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
