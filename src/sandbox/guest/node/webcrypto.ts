import { randomFillSync, randomUUID } from './crypto/random.ts'

/** The global `crypto` of modules. */
export const crypto = { getRandomValues: randomFillSync, randomUUID }
