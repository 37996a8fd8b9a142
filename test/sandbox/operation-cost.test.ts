import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../src/sandbox/wire/limits.ts'
import { cryptoCalls } from '../../src/sandbox/worker/crypto/crypto-calls.ts'
import { runZlib } from '../../src/sandbox/worker/calls/run-zlib.ts'
import type { OperationCost } from '../../src/sandbox/worker/calls/operation-cost.ts'
import { rule, useEngine } from '../engine/use-engine.ts'

const { run } = useEngine()
const { run: runAtLeisure } = useEngine({ limits: { cpuPerRuleMs: 10_000, cpuPerLoginMs: 10_000 } })

/** Runs an expression in a rule; returns the code and the message of the error that it throws or rejects with. */
async function runForError(expression: string, runIn = run): Promise<{ code?: string; message?: string }> {
  const body = `
    const crypto = require('crypto'), zlib = require('zlib'), { subtle } = crypto.webcrypto;
    const fail = (error) => { user.error = { code: error.code, message: error.message }; callback(null, user, context); };
    (async () => { ${expression} })().then(() => fail({ message: 'it passed' }), fail);`
  const { user, error } = await runIn(rule(body))
  return (user['error'] as object | undefined) ?? { ...error }
}

const bigKey = `await subtle.importKey('raw', Buffer.from('password'), 'PBKDF2', false, ['deriveBits'])`
const derive = (iterations: number): string =>
  `subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt: Buffer.from('salt'), iterations: ${iterations} }, key, 512)`
const slowKey = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'secret',
}) as string

/** An element of DER. */
function encodeDer(tag: number, ...contents: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(contents.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)))
  return Buffer.concat([Buffer.from([tag, content.length]), content])
}

/** A private key whose password is hashed 8,388,607 times with SHA-256. */
const costlyKey = encodeDer(
  0x30,
  encodeDer(
    0x30,
    encodeDer(0x06, '2a864886f70d01050d'),
    encodeDer(
      0x30,
      encodeDer(
        0x30,
        encodeDer(0x06, '2a864886f70d01050c'),
        encodeDer(
          0x30,
          encodeDer(0x04, '0102030405060708'),
          encodeDer(0x02, '7fffff'),
          encodeDer(0x30, encodeDer(0x06, '2a864886f70d0209'), '0500'),
        ),
      ),
      encodeDer(0x30, encodeDer(0x06, '60864801650304012a'), encodeDer(0x04, '00'.repeat(16))),
    ),
  ),
  encodeDer(0x04, '00'.repeat(32)),
)

describe('an operation that costs more CPU than the rule has left is refused before it starts', () => {
  test.each([
    [
      'many iterations',
      `crypto.pbkdf2Sync('p', 's', 1000000, 64, 'sha512')`,
      'pbkdf2 (sha512, 1000000 iterations, 64 bytes)',
    ],
    ['short digests for a long key', `crypto.pbkdf2Sync('p', 's', 60000, 64, 'md5')`, 'pbkdf2 (md5, 60000 iterations'],
    ['a digest by another name', `crypto.pbkdf2Sync('p', 's', 500000, 32, 'RSA-SHA256')`, 'pbkdf2 (RSA-SHA256'],
    ['scrypt by its cost', `crypto.scryptSync('p', 's', 64, { N: 65536, r: 8, maxmem: 1e9 })`, 'scrypt (cost 65536'],
    [
      'scrypt by its block size',
      `crypto.scryptSync('p', 's', 64, { N: 2, r: 1024, p: 64, maxmem: 1e9 })`,
      'scrypt (cost 2, blockSize 1024',
    ],
    ['a long RSA key', `crypto.generateKeyPairSync('rsa', { modulusLength: 4096 })`, 'a new key (rsa, 4096 bits)'],
    ['a DSA key', `crypto.generateKeyPairSync('dsa', { modulusLength: 2048 })`, 'a new key (dsa, 2048 bits)'],
    [
      'a key of an unknown kind',
      `crypto.generateKeyPairSync('dh', { modulusLength: 2048 })`,
      'a new key (dh, 2048 bits)',
    ],
    ['a hash-based signature', `crypto.generateKeyPairSync('slh-dsa-sha2-256s')`, 'a new key (slh-dsa-sha2-256s)'],
    [
      'a cipher of single bits',
      `crypto.createCipheriv('des-ede3-cfb1', Buffer.alloc(24), Buffer.alloc(8)).update(Buffer.alloc(100000))`,
      'des-ede3-cfb1 of 1000',
    ],
    ['the best compression', `zlib.gzipSync(Buffer.alloc(100000), { level: 9 })`, 'gzip (level 9) of 100000 bytes'],
    ['brotli', `zlib.brotliCompressSync(Buffer.alloc(90000))`, 'brotliCompress (quality 11) of 90000 bytes'],
    [
      'a password of a key',
      `crypto.createPrivateKey({ key: Buffer.from('${costlyKey.toString('hex')}', 'hex'), format: 'der', type: 'pkcs8', passphrase: 'secret' })`,
      'pbkdf2 (sha256, 8388607 iterations',
    ],
    [
      'subtle, many iterations',
      `const key = ${bigKey}; await ${derive(1_000_000)}`,
      'crypto.subtle.deriveBits: pbkdf2 (SHA-512, 1000000 iterations',
    ],
    [
      'subtle, a long RSA key',
      `await subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify'])`,
      'crypto.subtle.generateKey: a new key (rsa, 4096 bits)',
    ],
    [
      'subtle, an exponent with many factors',
      `await subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([15]), hash: 'SHA-256' }, true, ['sign', 'verify'])`,
      'crypto.subtle.generateKey: a new key (rsa, 1024 bits)',
    ],
  ])('%s', async (_what, expression, operation) => {
    const error = await runForError(expression)
    expect(error.message).toContain(operation)
    expect(error.message).toMatch(
      /would use about \d+ ms of CPU, and the rule has [\d.]+ ms left of 100; the option limits\.cpuPerRuleMs changes that$/,
    )
    expect(error.code).toBe('LIMIT_EXCEEDED')
  })

  test('scrypt has a bound of memory as well', async () => {
    const { code, message } = await runForError(
      `crypto.scryptSync('p', 's', 64, { N: 2 ** 21, r: 1, maxmem: 2 ** 40 })`,
    )
    expect([code, message]).toEqual(['LIMIT_EXCEEDED', 'cost times blockSize may be at most 1048576 in a rule'])
  })

  test('what other threads do counts for the rule that asked: the second call of two is refused', async () => {
    const error = await runForError(`const key = ${bigKey}; await Promise.all([${derive(70_000)}, ${derive(70_000)}])`)
    expect(error.code).toBe('LIMIT_EXCEEDED')
    const { rules } = await run(
      rule(`const { subtle } = require('crypto').webcrypto;
        (async () => { const key = ${bigKey}; await ${derive(70_000)} })().then(() => callback(null, user, context), callback)`),
    )
    expect(rules[0]?.cpuMs).toBeGreaterThan(50)
  })

  test('modules that start belong to no rule, and are bounded together', async () => {
    const spent: string[] = []
    const { createStartAdmission } = await import('../../src/sandbox/worker/calls/assert-affordable.ts')
    const admit = createStartAdmission(defaultLimits)
    admit({ operation: 'first', cpuMs: 300 })
    try {
      admit({ operation: 'second', cpuMs: 300 })
    } catch (error) {
      spent.push((error as Error).message)
    }
    expect(spent).toEqual([
      'second would use about 300 ms of CPU, and the start of the modules has 200 ms left of 500; the option limits.cpuPerLoginMs changes that',
    ])
  })
})

test.each([
  ['a password, as OWASP advises for SHA-512 in half', `crypto.pbkdf2Sync('p', 's', 100000, 64, 'sha512')`],
  ['a password by scrypt, with the defaults', `crypto.scryptSync('p', 's', 64)`],
  [
    'signatures',
    `const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }); for (let i = 0; i < 5; i++) if (!crypto.verify('sha256', Buffer.from('x'), publicKey, crypto.sign('sha256', Buffer.from('x'), privateKey))) throw new Error('wrong')`,
  ],
  [
    'a compressed text',
    `if (zlib.gunzipSync(zlib.gzipSync(Buffer.alloc(100000, 'text'))).length !== 100000) throw new Error('wrong')`,
  ],
  ['subtle', `const key = ${bigKey}; await ${derive(50_000)}`],
])('an honest cost passes: %s', async (_what, expression) => {
  // A busy machine may take longer than the limit for what was rightly admitted.
  expect((await runForError(expression)).code).not.toBe('LIMIT_EXCEEDED')
  expect(await runForError(expression, runAtLeisure)).toEqual({ message: 'it passed' })
})

describe('every call of the host that works is admitted first', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const data = Buffer.from('data').toString('base64')
  const derivation = { secret: data, salt: data, info: data, length: 32, digest: 'sha256', iterations: 10 }
  const inputs: Readonly<Record<string, object>> = {
    hash: { algorithm: 'sha256', data },
    hmac: { algorithm: 'sha256', key: data, data },
    random: { size: 10 },
    pbkdf2: derivation,
    scrypt: { ...derivation, cost: { N: 16, r: 1, p: 1 } },
    hkdf: derivation,
    cipher: { way: 'encrypt', algorithm: 'aes-128-cbc', data, key: data, iv: data, final: true, autoPadding: true },
    sign: { algorithm: 'sha256', key: { type: 'private', pem: privateKey }, data },
    verify: { algorithm: 'sha256', key: { type: 'public', pem: publicKey }, data, signature: data },
    rsa: { way: 'publicEncrypt', key: { type: 'public', pem: publicKey }, data },
    newKeys: { type: 'ec', namedCurve: 'P-256' },
    readKey: { type: 'private', pem: slowKey, passphrase: 'secret' },
  }
  /** Calls that take as long as any message between isolate and host. */
  const free = ['randomInt', 'uuid', 'equal', 'writeKey']

  test('no call is forgotten', () => {
    expect(Object.keys(cryptoCalls).toSorted()).toEqual([...Object.keys(inputs), ...free].toSorted())
  })

  test.each(Object.entries(inputs))('crypto: %s', (call, input) => {
    const costs: OperationCost[] = []
    const refuse = (cost: OperationCost): never => {
      costs.push(cost)
      throw new Error('refused')
    }
    expect(() => cryptoCalls[call]?.(input as never, refuse)).toThrow('refused')
    expect(costs[0]?.cpuMs).toBeGreaterThan(0)
  })

  test.each(['deflate', 'gzip', 'inflate', 'brotliCompress', 'brotliDecompress', 'unzip'])('zlib: %s', (way) => {
    const refuse = (): never => {
      throw new Error('refused')
    }
    expect(() => runZlib({ way, data, options: {} }, 1_000, refuse)).toThrow('refused')
  })
})
