import { native } from '../native.ts'
import { toBase64 } from './ask.ts'
import { CryptoKey, type KeyInfo } from './crypto-key.ts'

type Algorithm = string | Readonly<Record<string, unknown>>
type Usages = readonly string[]

const { toWireKey } = CryptoKey

async function callSubtle<Result>(call: string, algorithm: Algorithm, rest: object): Promise<Result> {
  const input = JSON.stringify({ call, algorithm: toWireAlgorithm(algorithm), ...rest })
  return JSON.parse(await native.ops.begin('subtle', input)) as Result
}

/** Serialises an algorithm for the host; bytes in it become `{ base64 }`. */
function toWireAlgorithm(algorithm: Algorithm): object {
  if (typeof algorithm === 'string') return { name: algorithm }
  const parts = Object.entries(algorithm).map(([name, value]) => {
    const isBytes = ArrayBuffer.isView(value) || value instanceof ArrayBuffer
    return [name, isBytes ? { base64: toBase64(value) } : value]
  })
  return Object.fromEntries(parts) as object
}

function assertUsage(key: unknown, usage: string): void {
  if (key instanceof CryptoKey && key.usages.includes(usage)) return
  throw Object.assign(new Error(`the key may not be used to ${usage}`), { name: 'InvalidAccessError' })
}

const toBytes = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, 'base64')).buffer

const privateUsages = new Set(['sign', 'decrypt', 'unwrapKey', 'deriveKey', 'deriveBits'])

/** `crypto.subtle`, over the WebCrypto of the host. */
export const subtle = {
  digest: async (algorithm: Algorithm, data: unknown) =>
    toBytes(await callSubtle('digest', algorithm, { data: toBase64(data) })),

  async sign(algorithm: Algorithm, key: unknown, data: unknown) {
    assertUsage(key, 'sign')
    return toBytes(await callSubtle('sign', algorithm, { key: toWireKey(key), data: toBase64(data) }))
  },

  async verify(...[algorithm, key, signature, data]: [Algorithm, unknown, unknown, unknown]): Promise<boolean> {
    assertUsage(key, 'verify')
    return callSubtle('verify', algorithm, {
      key: toWireKey(key),
      signature: toBase64(signature),
      data: toBase64(data),
    })
  },

  async encrypt(algorithm: Algorithm, key: unknown, data: unknown) {
    assertUsage(key, 'encrypt')
    return toBytes(await callSubtle('encrypt', algorithm, { key: toWireKey(key), data: toBase64(data) }))
  },

  async decrypt(algorithm: Algorithm, key: unknown, data: unknown) {
    assertUsage(key, 'decrypt')
    return toBytes(await callSubtle('decrypt', algorithm, { key: toWireKey(key), data: toBase64(data) }))
  },

  async deriveBits(algorithm: Algorithm, key: unknown, length: number) {
    assertUsage(key, 'deriveBits')
    return toBytes(await callSubtle('deriveBits', algorithm, { key: toWireKey(key), length }))
  },

  async importKey(
    ...[format, data, algorithm, extractable, usages]: [string, unknown, Algorithm, boolean, Usages]
  ): Promise<CryptoKey> {
    const keyData = format === 'jwk' ? { jwk: data } : { data: toBase64(data) }
    const info = await callSubtle<KeyInfo>('importKey', algorithm, { format, usages, ...keyData })
    const isSecretOnly = info.key.data === '' && format === 'raw'
    const key = isSecretOnly ? { ...info.key, data: toBase64(data) } : info.key
    return new CryptoKey({ ...info, key }, extractable, [...usages])
  },

  async exportKey(format: string, key: unknown): Promise<unknown> {
    const wire = toWireKey(key)
    const { extractable, usages } = key as CryptoKey
    if (!extractable) throw Object.assign(new Error('key is not extractable'), { name: 'InvalidAccessError' })
    if (format === 'jwk') return callSubtle('exportJwk', '', { key: wire, usages })
    if (format !== wire.format) {
      throw Object.assign(new Error(`the key cannot be exported as ${format}`), { name: 'NotSupportedError' })
    }
    return toBytes(wire.data)
  },

  async generateKey(algorithm: Algorithm, extractable: boolean, usages: Usages): Promise<unknown> {
    const generated = await callSubtle<KeyInfo | Record<'publicKey' | 'privateKey', KeyInfo>>(
      'generateKey',
      algorithm,
      {
        usages,
      },
    )
    if (!('publicKey' in generated)) return new CryptoKey(generated, extractable, [...usages])
    return {
      publicKey: new CryptoKey(
        generated.publicKey,
        true,
        usages.filter((usage) => !privateUsages.has(usage)),
      ),
      privateKey: new CryptoKey(
        generated.privateKey,
        extractable,
        usages.filter((usage) => privateUsages.has(usage)),
      ),
    }
  },
}
