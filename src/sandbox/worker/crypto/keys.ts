import { type JsonWebKey, type KeyObject, createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto'
import type { OperationCost } from '../calls/operation-cost.ts'
import { estimateKeyDecryption, listEncryptedKeys } from './encrypted-key-cost.ts'

/** A key as a realm keeps it: PEM text, or the bytes of a secret in base64. */
export type SerializedKey =
  | { readonly type: 'secret'; readonly data: string }
  | { readonly type: 'public' | 'private'; readonly pem: string }

/** A key as a rule gave it to `createPrivateKey` or `createPublicKey`. */
interface KeyInput {
  readonly type: 'public' | 'private'
  readonly pem?: string
  readonly der?: string
  readonly jwk?: JsonWebKey
  readonly format?: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki'
  readonly passphrase?: string
}

export interface KeyExport {
  readonly key: SerializedKey
  readonly type?: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki'
  readonly format: 'pem' | 'der' | 'jwk'
  readonly cipher?: string
  readonly passphrase?: string
}

/** Twice the bits make an RSA signature eight times slower. */
const maxModulusBits = 8_192

/** Converts a realm's key for OpenSSL. A private key also serves as its public half. */
export function toKeyObject(key: SerializedKey): KeyObject {
  if (key.type === 'secret') return createSecretKey(Buffer.from(key.data, 'base64'))
  return key.type === 'private' ? createPrivateKey(key.pem) : createPublicKey(key.pem)
}

/**
 * Reads a key in any format that OpenSSL supports; returns what the realm keeps of it. `admit` gets the cost of a decryption
 * before it starts.
 */
export function readKey(
  { type, pem, der, jwk, format, passphrase }: KeyInput,
  admit: (cost: OperationCost) => void,
): object {
  if (passphrase !== undefined) {
    const encryptedKeys = der === undefined ? listEncryptedKeys(pem ?? '') : [Buffer.from(der, 'base64')]
    for (const cost of encryptedKeys.map(estimateKeyDecryption)) if (cost !== undefined) admit(cost)
  }
  const source = toKeySource({ pem, der, jwk, format, passphrase })
  const key = type === 'private' ? createPrivateKey(source as never) : createPublicKey(source as never)
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (modulusLength > maxModulusBits) {
    const message = `a key may have ${maxModulusBits} bits in a rule; this one has ${modulusLength}`
    throw Object.assign(new RangeError(message), { code: 'LIMIT_EXCEEDED' })
  }
  return {
    type,
    pem: key.export({ type: type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }),
    asymmetricKeyType: key.asymmetricKeyType,
    asymmetricKeyDetails: toKeyDetails(key),
  }
}

function toKeySource({ pem, der, jwk, format, passphrase }: Partial<Record<keyof KeyInput, unknown>>): object {
  const secret = passphrase === undefined ? {} : { passphrase }
  if (jwk !== undefined) return { key: jwk, format: 'jwk' }
  if (pem !== undefined) return { key: pem, format: 'pem', ...secret }
  return { key: Buffer.from(String(der), 'base64'), format: 'der', type: format, ...secret }
}

/** JSON has no bigint, and `publicExponent` is one. */
function toKeyDetails(key: KeyObject): object {
  const { publicExponent, ...rest } = key.asymmetricKeyDetails ?? {}
  return { ...rest, ...(publicExponent === undefined ? {} : { publicExponent: String(publicExponent) }) }
}

export function writeKey({ key, type, format, cipher, passphrase }: KeyExport): unknown {
  const options = { type, format, cipher, passphrase } as { type: 'spki'; format: 'pem' }
  const exportedKey: unknown = toKeyObject(key).export(options)
  return Buffer.isBuffer(exportedKey) ? { der: exportedKey.toString('base64') } : exportedKey
}
