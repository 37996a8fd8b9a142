import { setImmediate } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { parseBcryptCost, createBcrypt, createDummyBcrypt } from '../../src/store/passwords/bcrypt.ts'
import { createPasswords, importHash, isOutdated } from '../../src/store/passwords/passwords.ts'

// From the tests of jBCrypt, mindrot.org/projects/jBCrypt.
const bcryptVectors: readonly [string, string][] = [
  ['a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'],
  ['abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
]

describe('bcrypt', () => {
  const bcrypt = createBcrypt()
  afterAll(() => bcrypt.close())

  test.each(bcryptVectors)('%j verifies against %s in its thread', async (password, hash) => {
    expect(await bcrypt.verify(password, hash)).toBe(true)
    expect(await bcrypt.verify(`${password}b`, hash)).toBe(false)
    expect(await bcrypt.verify(password, hash.replace('$2a$', '$2b$'))).toBe(true)
    expect(await bcrypt.verify(password, hash.replace('$2a$', '$2y$'))).toBe(true)
  })

  test('answers many questions, each with its own answer', async () => {
    const hash = bcryptVectors[0]?.[1] ?? ''
    const answers = await Promise.all(['a', 'b', 'a', 'c', 'a'].map((password) => bcrypt.verify(password, hash)))
    expect(answers).toEqual([true, false, true, false, true])
  })

  test('leaves the event loop free while it works', async () => {
    let answered = false
    const answer = bcrypt.verify('a', createDummyBcrypt(10)).finally(() => (answered = true))
    await setImmediate()
    expect(answered).toBe(false)
    expect(await answer).toBe(false)
  })

  test('fails the question, not the process, when its thread is ended', async () => {
    const ended = createBcrypt()
    const failure = ended.verify('a', createDummyBcrypt(12)).catch((error: unknown) => error)
    await ended.close()
    expect(await failure).toMatchObject({ code: 'STORE_FAILED' })
  })

  test('costs outside 4 to 15, and other texts, are none of its hashes', () => {
    expect(parseBcryptCost(createDummyBcrypt(4))).toBe(4)
    expect(parseBcryptCost(createDummyBcrypt(15))).toBe(15)
    const others = [
      createDummyBcrypt(3),
      createDummyBcrypt(16),
      createDummyBcrypt(31),
      '$2x$10$',
      `${createDummyBcrypt(10)}.`,
      '',
    ]
    expect(others.map(parseBcryptCost)).toEqual(others.map(() => undefined))
  })
})

describe('passwords', () => {
  const passwords = createPasswords()
  afterAll(() => passwords.close())

  test('without a hash nothing matches, whether or not bcrypt hashes are about', async () => {
    expect(await passwords.verify('a', undefined, null)).toBe(false)
    expect(await passwords.verify('a', undefined, 4)).toBe(false)
  })

  test('the kind of hash that is stored decides, not the dummy of the other kind', async () => {
    const { hash } = await passwords.hash('a')
    const bcryptHash = bcryptVectors[0]?.[1]
    expect(await passwords.verify('a', hash, 6)).toBe(true)
    expect(await passwords.verify('a', bcryptHash, 6)).toBe(true)
    expect(await passwords.verify('b', hash, 6)).toBe(false)
    expect(await passwords.verify('b', bcryptHash, 6)).toBe(false)
  })

  test('an imported hash is outdated, ours is not', async () => {
    expect(isOutdated(importHash(createDummyBcrypt(10)).hash)).toBe(true)
    expect(isOutdated((await passwords.hash('a')).hash)).toBe(false)
  })
})
