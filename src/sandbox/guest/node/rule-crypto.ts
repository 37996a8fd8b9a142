import * as node from './crypto.ts'

type Create = typeof node.createCipheriv

/** A text key is one byte per character (latin1), as it was in Auth0's runtime. */
const createCipheriv: Create = (algorithm, key, iv, options) =>
  node.createCipheriv(algorithm, typeof key === 'string' ? Buffer.from(key, 'latin1') : key, iv, options)

/** The global `crypto` of rules. */
export const crypto: typeof node = { ...node, createCipheriv }
