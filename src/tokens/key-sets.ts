import type { FetchImplementation, JSONWebKeySet, JWTVerifyGetKey } from 'jose'
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose'
import { LRUCache } from 'lru-cache'
import { isKeysUrl } from '../profile/context/keys-url.ts'
import { createTokenError } from './verify.ts'

/** Where an issuer's public keys come from: as they are, or from its own address. */
export interface IssuerKeys {
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined
  readonly jwksUri?: string | undefined
}

export interface KeySetCache {
  getResolver(keys: IssuerKeys): JWTVerifyGetKey
}

const maxSets = 256
const maxKeySetBytes = 256_000
const fetchTimeoutMs = 5000
const refetchAfterMs = 30_000

/** Finds keys, and keeps what was read and fetched; of one address it asks once in 30 seconds, whatever the answer. */
export function createKeySetCache(): KeySetCache {
  const sets = new LRUCache<string, JWTVerifyGetKey>({ max: maxSets })
  return {
    getResolver({ jwks, jwksUri }) {
      const name = jwks === undefined ? (jwksUri ?? '') : JSON.stringify(jwks)
      const cached = sets.get(name)
      if (cached !== undefined) return cached
      const resolver =
        jwks === undefined ? createRemoteResolver(jwksUri) : createLocalJWKSet(jwks as unknown as JSONWebKeySet)
      sets.set(name, resolver)
      return resolver
    },
  }
}

function createRemoteResolver(jwksUri: string | undefined): JWTVerifyGetKey {
  if (jwksUri === undefined || !isKeysUrl(jwksUri)) {
    throw createTokenError('its issuer has no keys, or they are at an address that is not https', 'key')
  }
  const resolveKey = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: fetchTimeoutMs,
    cooldownDuration: refetchAfterMs,
    [customFetch]: withCooldown(fetchBounded),
  })
  return async (header, token) => {
    try {
      return await resolveKey(header, token)
    } catch (error) {
      // Everything but a key that is not in the set is about the fetch, and may quote what it brought.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      throw createTokenError("its issuer's keys could not be fetched", 'key')
    }
  }
}

/** jose waits between fetches that succeed; this waits after one that failed, too. */
function withCooldown(fetchKeys: FetchImplementation): FetchImplementation {
  let notBeforeMs = 0
  return async (url, options) => {
    if (Date.now() < notBeforeMs) throw new Error('Asked a moment ago.')
    notBeforeMs = Date.now() + refetchAfterMs
    return await fetchKeys(url, options)
  }
}

const fetchBounded: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options)
  if (response.status !== 200 || response.body === null) return response
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > maxKeySetBytes) throw new Error('The key set is too large.')
    chunks.push(chunk)
  }
  return new Response(Buffer.concat(chunks))
}
