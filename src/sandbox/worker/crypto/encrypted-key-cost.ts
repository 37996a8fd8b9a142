import { type OperationCost, estimatePbkdf2, estimateScrypt } from '../calls/operation-cost.ts'

/** An element of DER: its tag and its content. */
interface Element {
  readonly tag: number
  readonly content: Buffer
}

const integerTag = 0x02
const oidTag = 0x06
const sequenceTag = 0x30
/** The element ends with the one around it: OpenSSL also reads BER. */
const indefiniteLength = 0x80
const scryptOid = '2b06010401da47040b'
/** The digests that PBKDF2 is used with (RFC 8018, appendix B.1.2). If the key names none, it is SHA-1. */
const digestByOid: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
}
const pbkdf2Oid = '2a864886f70d01050c'
/** The longest key of a cipher. */
const maxKeyBytes = 32

/**
 * Estimates the decryption of a private key in PKCS #8. Its writer chose how often its password is hashed. Undefined if the
 * key is not encrypted this way.
 *
 * The parameters are the first element of the key (RFC 5958, section 3): for scrypt N, r and p, otherwise iterations.
 */
export function estimateKeyDecryption(key: Buffer): OperationCost | undefined {
  const [outer] = readElements(key)
  const [parameters, encryptedKey] = outer?.tag === sequenceTag ? readElements(outer.content) : []
  if (parameters?.tag !== sequenceTag || encryptedKey === undefined) return undefined
  const leaves = listLeaves(parameters)
  const oids = leaves.filter(({ tag }) => tag === oidTag).map(({ content }) => content.toString('hex'))
  const integers = leaves.filter(({ tag }) => tag === integerTag).map(({ content }) => readInteger(content))
  if (oids.includes(scryptOid)) {
    const [N = 0, r = 0, p = 0] = integers
    return estimateScrypt({ N, r, p }, maxKeyBytes)
  }
  if (integers.length === 0) return undefined
  const namedDigest = oids.map((oid) => digestByOid[oid]).find((digest) => digest !== undefined)
  const digest = namedDigest ?? (oids.includes(pbkdf2Oid) ? 'sha1' : 'another digest')
  return estimatePbkdf2(digest, Math.max(...integers), maxKeyBytes)
}

/** Reads the DER of the encrypted keys in a PEM text. */
export function listEncryptedKeys(pem: string): Buffer[] {
  const blocks = pem.matchAll(/-----BEGIN ENCRYPTED PRIVATE KEY-----([^-]*)-----END/g)
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'))
}

function readElements(der: Buffer): Element[] {
  const elements: Element[] = []
  for (let offset = 0; offset + 2 <= der.length;) {
    const tag = der[offset]!
    const firstLength = der[offset + 1]!
    const lengthBytes = firstLength > indefiniteLength ? firstLength - indefiniteLength : 0
    const start = offset + 2 + lengthBytes
    let length = firstLength < indefiniteLength ? firstLength : 0
    for (const byte of der.subarray(offset + 2, start)) length = length * 256 + byte
    if (firstLength === indefiniteLength) length = der.length - start
    elements.push({ tag, content: der.subarray(start, start + length) })
    offset = start + length
  }
  return elements
}

/** The elements that hold no others, in order. The parameters nest four levels deep. */
function listLeaves({ tag, content }: Element, depth = 0): Element[] {
  if (tag !== sequenceTag || depth > 8) return [{ tag, content }]
  return readElements(content).flatMap((element) => listLeaves(element, depth + 1))
}

function readInteger(content: Buffer): number {
  return content.length === 0 ? 0 : Number(BigInt(`0x${content.toString('hex')}`))
}
