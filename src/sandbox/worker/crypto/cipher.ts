import { type CipherGCM, type DecipherGCM, createCipheriv, createDecipheriv } from 'node:crypto'

/** A cipher from its beginning: the realm keeps what was put in, so that nothing of it lives on here. */
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

/** All that comes out for all that went in, and the tag where the mode has one. */
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
