import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { decodeJwt, jwtVerify } from 'jose'
import type { FetchKeys, IssuerKeys, KeySetCache } from './key-sets.ts'
import { createKeySetCache } from './key-sets.ts'
import { maxKidLength } from './signing-key.ts'
import { checkClaims, checkForm, createTokenError, leewaySeconds, toTokenError } from './verify.ts'

/** The claims of a verified assertion (RFC 7523, 3). */
export interface AssertionClaims {
  readonly sub: string
  readonly exp: number
  readonly jti?: string | undefined
  readonly [claim: string]: unknown
}

export interface AssertionVerifier {
  /**
   * Verifies an assertion that `issuer` signed for this server, and returns its claims.
   *
   * @throws {ClaimsmithError} INVALID_TOKEN if it is not valid. The error never contains a part of the assertion.
   */
  verify(assertion: string, issuer: string, keys: IssuerKeys): Promise<AssertionClaims>
}

export interface AssertionVerifierOptions {
  /** The accepted values of `aud`: the names of this server. */
  readonly audiences: readonly string[]
  /** Fetches the keys of issuers that name a URL. */
  readonly fetchKeys: FetchKeys
  readonly clock?: (() => number) | undefined
  /** How far ahead `exp` may be. Default 24 hours. */
  readonly maxLifetimeMs?: number | undefined
  /** Default 16,384. */
  readonly maxBytes?: number | undefined
}

export function createAssertionVerifier(options: AssertionVerifierOptions): AssertionVerifier {
  const { audiences, fetchKeys, clock = Date.now, maxLifetimeMs = 86_400_000, maxBytes = maxAssertionBytes } = options
  const keySets: KeySetCache = createKeySetCache(fetchKeys)
  return {
    async verify(assertion, issuer, keys) {
      checkForm(assertion, maxBytes)
      const nowMs = clock()
      const { payload } = await jwtVerify(
        assertion,
        withHeaderCheck((header, token) => keySets.getResolver(keys)(header, token)),
        {
          algorithms: ['RS256', 'ES256', 'EdDSA'],
          issuer,
          audience: [...audiences],
          requiredClaims: ['sub', 'aud', 'exp'],
          clockTolerance: leewaySeconds,
          currentDate: new Date(nowMs),
        },
      ).catch((error: unknown) => {
        throw toTokenError(error)
      })
      return checkAssertion(payload, nowMs, maxLifetimeMs)
    },
  }
}

const maxAssertionBytes = 16_384

/**
 * The issuer that an assertion names. Nothing of the assertion is verified.
 *
 * @throws {ClaimsmithError} INVALID_TOKEN if it is too long, or is not a JWT with a URI as `iss`.
 */
export function decodeIssuer(assertion: string): string {
  checkForm(assertion, maxAssertionBytes)
  const { iss } = decodePayload(assertion)
  if (typeof iss !== 'string' || !/^[!-~]+$/.test(iss)) throw createTokenError('its "iss" is not a URI', 'claim')
  return iss
}

function decodePayload(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion)
  } catch (error) {
    throw toTokenError(error)
  }
}

/** Checks the header before a key is resolved. A header can neither supply a key nor trigger a useless fetch from the issuer. */
function withHeaderCheck(resolveKey: JWTVerifyGetKey): JWTVerifyGetKey {
  return (header, token) => {
    const { kid, typ } = header
    if ('crit' in header || 'b64' in header) throw createTokenError('its header asks for an extension', 'header')
    // A token of another type, such as at+jwt, was signed for another purpose (RFC 8725, 3.11).
    if (typ !== undefined && !/^JWT$/i.test(typ)) throw createTokenError('its "typ" is not JWT', 'header')
    if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
      throw createTokenError('no key of its issuer has its "kid"', 'key')
    }
    return resolveKey(header, token)
  }
}

function checkAssertion(payload: JWTPayload, nowMs: number, maxLifetimeMs: number): AssertionClaims {
  // `iat` is optional here (RFC 7523, 3). `azp` names the client of the issuer, which we do not check.
  const { sub, exp } = checkClaims({ iat: 0, ...payload, azp: undefined }, nowMs)
  const { jti } = payload
  if (exp * 1000 > nowMs + maxLifetimeMs + leewaySeconds * 1000) {
    throw createTokenError(`its "exp" is more than ${maxLifetimeMs / 3_600_000} hours ahead`, 'claim')
  }
  if (jti !== undefined && (typeof jti !== 'string' || jti === '')) {
    throw createTokenError('its "jti" is not a string', 'claim')
  }
  return { ...payload, sub, exp }
}
