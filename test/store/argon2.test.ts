import { describe, expect, test } from 'vitest'
import {
  createDummyArgon2,
  hashArgon2,
  isArgon2,
  hasDefaultCost,
  verifyArgon2,
} from '../../src/store/passwords/argon2.ts'

// From test.c of the reference implementation, github.com/P-H-C/phc-winner-argon2.
const vectors: readonly [string, string][] = [
  ['password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
  ['password', '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA'],
]

describe('Argon2', () => {
  test.each(vectors)('%s verifies against the reference hash %s', async (password, hash) => {
    expect(await verifyArgon2(password, hash)).toBe(true)
    expect(await verifyArgon2(`${password}!`, hash)).toBe(false)
  })

  test('our hashes are PHC strings at the stated cost, salted, and verify', async () => {
    const [one, two] = [await hashArgon2('pässword 🦊'), await hashArgon2('pässword 🦊')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyArgon2('pässword 🦊', one)).toBe(true)
    expect(hasDefaultCost(one)).toBe(true)
  })

  test('the dummy has our form and cost, and nobody knows its password', async () => {
    expect(hasDefaultCost(createDummyArgon2())).toBe(true)
    expect(await verifyArgon2('', createDummyArgon2())).toBe(false)
  })

  test('a hash of another cost or variant is not ours', () => {
    expect(vectors.map(([, hash]) => [isArgon2(hash), hasDefaultCost(hash)])).toEqual([
      [true, false],
      [true, false],
    ])
  })

  test.each([
    '',
    'plain',
    '$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=262145,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=17,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=2,p=17$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$short',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\n',
  ])('%j is no hash that we verify', async (text) => {
    expect(isArgon2(text)).toBe(false)
    expect(await verifyArgon2('password', text)).toBe(false)
  })
})
