import type { CryptoKey, JWTHeaderParameters, JWTPayload } from 'jose'
import { errors, jwtVerify } from 'jose'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { Keyring } from './keyring.ts'
import { maxKidLength } from './signing-key.ts'

/** The claims of a verified token. */
export interface TokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly iat: number
  readonly exp: number
  readonly [claim: string]: unknown
}

/** The requirements on a token. */
export interface TokenExpectation {
  readonly typ: 'JWT' | 'at+jwt'
  readonly issuer: string
  readonly audience?: string | undefined
  readonly nowMs: number
  readonly maxBytes: number
}

/** The accepted difference between two clocks. RFC 8725 and OpenID Connect leave it to the implementation. */
export const leewaySeconds = 60

/**
 * Verifies that a key of the keyring signed the token and that it meets the expectation. Returns its claims.
 *
 * - Only the headers `alg`, `typ` and `kid` are used, so no header can supply a key.
 * - `crit` and `b64` are rejected.
 *
 * @throws {ClaimsmithError} INVALID_TOKEN if it is not valid. The error never contains a part of the token.
 */
export async function verifyToken(token: string, keyring: Keyring, expected: TokenExpectation): Promise<TokenClaims> {
  checkForm(token, expected.maxBytes)
  const { payload } = await jwtVerify(token, (header) => findKey(header, keyring), {
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    typ: expected.typ,
    issuer: expected.issuer,
    ...(expected.audience === undefined ? {} : { audience: expected.audience }),
    requiredClaims: ['sub', 'aud', 'iat', 'exp'],
    clockTolerance: leewaySeconds,
    currentDate: new Date(expected.nowMs),
  }).catch((error: unknown) => {
    throw toTokenError(error)
  })
  return checkClaims(payload, expected.nowMs)
}

/** Accepts compact serialisation in canonical base64url only, so that a token has exactly one form. */
export function checkForm(token: unknown, maxBytes: number): void {
  if (typeof token !== 'string') throw createTokenError('it is not a string', 'form')
  if (token.length > maxBytes) throw createTokenError(`it is longer than ${maxBytes} bytes`, 'form')
  const segments = token.split('.')
  if (segments.length !== 3 || !segments.every(isCanonical)) {
    throw createTokenError('it is not a signed JWT in compact form', 'form')
  }
}

function isCanonical(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment
}

function findKey(header: JWTHeaderParameters, keyring: Keyring): CryptoKey {
  if ('crit' in header || 'b64' in header) throw createTokenError('its header asks for an extension', 'header')
  const { kid } = header
  const key = typeof kid === 'string' && kid.length <= maxKidLength ? keyring.findVerificationKey(kid) : undefined
  if (key === undefined) throw createTokenError('no key of ours has its "kid"', 'key')
  if (key.algorithm !== header.alg) throw createTokenError('its "alg" is not that of the key', 'key')
  return key.publicKey
}

/** Checks what jose does not: the types of the claims, and that no time lies in the future. */
export function checkClaims(claims: JWTPayload, nowMs: number): TokenClaims {
  const { sub, aud, iat, exp, nbf, azp } = claims
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (typeof sub !== 'string' || sub === '') throw createTokenError('its "sub" is not a string', 'claim')
  if (audiences.length === 0 || !audiences.every((one) => typeof one === 'string')) {
    throw createTokenError('its "aud" is neither a string nor strings', 'claim')
  }
  if (![iat, exp, nbf ?? 0].every((time) => Number.isSafeInteger(time) && Number(time) >= 0)) {
    throw createTokenError('one of its times is not a whole number of seconds', 'claim')
  }
  if (Number(iat) > nowMs / 1000 + leewaySeconds) throw createTokenError('it was issued in the future', 'claim')
  if (azp !== undefined && !audiences.includes(azp as string)) {
    throw createTokenError('its "azp" is not one of its audiences', 'claim')
  }
  return claims as TokenClaims
}

/** Without jose's error as the cause, because it contains the payload. */
export function toTokenError(error: unknown): ClaimsmithError {
  if (error instanceof ClaimsmithError) return error
  if (error instanceof errors.JWTExpired) return createTokenError('it has expired', 'expired')
  if (error instanceof errors.JWTClaimValidationFailed) {
    return createTokenError(`its "${error.claim}" is missing or not the one expected`, 'claim')
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return createTokenError('its signature is wrong', 'signature')
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return createTokenError("none of its issuer's keys matches it, or several do", 'key')
  }
  if (error instanceof errors.JWKSInvalid) return createTokenError("its issuer's key set is malformed", 'key')
  return createTokenError('it is not a JWT signed with RS256, ES256 or EdDSA', 'form')
}

export function createTokenError(
  message: string,
  reason: 'form' | 'header' | 'key' | 'signature' | 'claim' | 'expired',
) {
  return new ClaimsmithError('INVALID_TOKEN', `The token was refused: ${message}.`, { details: { reason } })
}
