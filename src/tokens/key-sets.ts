import type { FetchImplementation, JSONWebKeySet, JWTVerifyGetKey } from 'jose'
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose'
import { LRUCache } from '../cache/lru-cache.ts'
import { isKeysUrl } from '../profile/context/keys-url.ts'
import { createTokenError } from './verify.ts'

/** The source of an issuer's public keys: a key set, or the URL of one. */
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

/** Resolves keys and caches key sets. It fetches a URL at most once in 30 seconds, even after a failure. */
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
      // Any other error comes from the fetch, and may quote the response.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      throw createTokenError("its issuer's keys could not be fetched", 'key')
    }
  }
}

/** jose only waits after a successful fetch; this also waits after a failed one. */
function withCooldown(fetchKeys: FetchImplementation): FetchImplementation {
  let notBeforeMs = 0
  return async (url, options) => {
    if (Date.now() < notBeforeMs) throw new Error('The key set was fetched less than 30 seconds ago.')
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
