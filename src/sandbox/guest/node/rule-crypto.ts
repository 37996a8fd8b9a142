import * as node from './crypto.ts'

type Create = typeof node.createCipheriv

/** A key that is a text stands for its characters' bytes, one each, as it did where rules ran first. */
const createCipheriv: Create = (algorithm, key, iv, options) =>
  node.createCipheriv(algorithm, typeof key === 'string' ? Buffer.from(key, 'latin1') : key, iv, options)

/** `crypto` as rules find it without requiring it. */
export const crypto: typeof node = { ...node, createCipheriv }
