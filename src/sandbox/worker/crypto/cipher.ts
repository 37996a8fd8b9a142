import { type CipherGCM, type DecipherGCM, createCipheriv, createDecipheriv } from 'node:crypto'

/** A whole cipher operation. The realm keeps the data so far, so that the host keeps no state. */
export interface CipherInput {
  readonly way: 'encrypt' | 'decrypt'
  readonly algorithm: string
  readonly key: string
  readonly iv: string | null
  readonly data: string
  readonly final: boolean
  readonly autoPadding: boolean
  readonly aad?: string
  readonly tag?: string
  readonly tagLength?: number
}

/** Returns the whole output for the whole input, and the tag if the mode has one. */
export function runCipher(input: CipherInput): { readonly out: string; readonly tag?: string } {
  const { way, algorithm, final, autoPadding, tagLength } = input
  const key = Buffer.from(input.key, 'base64')
  const iv = input.iv === null ? null : Buffer.from(input.iv, 'base64')
  const data = Buffer.from(input.data, 'base64')
  const createCipher = way === 'encrypt' ? createCipheriv : createDecipheriv
  const options = tagLength === undefined ? {} : { authTagLength: tagLength }
  const cipher = createCipher(algorithm, key, iv, options as never) as CipherGCM | DecipherGCM
  cipher.setAutoPadding(autoPadding)
  if (input.tag !== undefined) (cipher as DecipherGCM).setAuthTag(Buffer.from(input.tag, 'base64'))
  if (input.aad !== undefined) cipher.setAAD(Buffer.from(input.aad, 'base64'), { plaintextLength: data.length })
  const out = Buffer.concat([cipher.update(data), ...(final ? [cipher.final()] : [])]).toString('base64')
  const hasTag = final && way === 'encrypt' && /-(gcm|ccm|ocb)$|poly1305$/i.test(algorithm)
  return hasTag ? { out, tag: (cipher as CipherGCM).getAuthTag().toString('base64') } : { out }
}
