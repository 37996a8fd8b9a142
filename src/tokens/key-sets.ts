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
/** What a fetch of keys may take. */
export const keySetLimits = { maxBytes: 256_000, timeoutMs: 5_000 } as const
const refetchAfterMs = 30_000

/** Fetches the document at a URL, within `keySetLimits` and the caller's network policy. A redirect is an answer. */
export type FetchKeys = (url: string, headers: Headers, signal: AbortSignal) => Promise<Response>

/** Resolves keys and caches key sets. It fetches a URL at most once in 30 seconds, even after a failure. */
export function createKeySetCache(fetchKeys: FetchKeys): KeySetCache {
  const sets = new LRUCache<string, JWTVerifyGetKey>({ max: maxSets })
  return {
    getResolver({ jwks, jwksUri }) {
      const name = jwks === undefined ? (jwksUri ?? '') : JSON.stringify(jwks)
      const cached = sets.get(name)
      if (cached !== undefined) return cached
      const resolver =
        jwks === undefined
          ? createRemoteResolver(jwksUri, fetchKeys)
          : createLocalJWKSet(jwks as unknown as JSONWebKeySet)
      sets.set(name, resolver)
      return resolver
    },
  }
}

function createRemoteResolver(jwksUri: string | undefined, fetchKeys: FetchKeys): JWTVerifyGetKey {
  if (jwksUri === undefined || !isKeysUrl(jwksUri)) {
    throw createTokenError('its issuer has no keys, or they are at an address that is not https', 'key')
  }
  const resolveKey = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: keySetLimits.timeoutMs,
    cooldownDuration: refetchAfterMs,
    [customFetch]: withCooldown(async (url, { headers, signal }) => await fetchKeys(url, headers, signal)),
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
