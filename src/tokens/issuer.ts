import type { JSONWebKeySet, JWTPayload } from 'jose'
import { createHash, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { removeReservedClaims } from '../profile/context/reserved-claims.ts'
import type { DiscoveryEndpoints, ProviderMetadata } from './discovery.ts'
import { buildProviderMetadata } from './discovery.ts'
import type { Keyring } from './keyring.ts'
import type { SigningAlgorithm } from './signing-key.ts'
import type { TokenClaims } from './verify.ts'
import { verifyToken } from './verify.ts'

export type { TokenClaims } from './verify.ts'

export interface IdTokenInput {
  readonly sub: string
  /** The client's id. */
  readonly audience: string
  /** Profile claims, chosen by scope from the raw profile. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The claims that the rules set on `context.idToken`. They override `claims`; reserved names are dropped. */
  readonly ruleClaims: Readonly<Record<string, unknown>>
  readonly nonce?: string | undefined
  readonly authTimeSeconds?: number | undefined
  readonly sid?: string | undefined
  /** The access token of the same response, for `at_hash`. */
  readonly accessToken?: string | undefined
  readonly expiresInSeconds: number
}

export interface AccessTokenInput {
  readonly sub: string
  readonly audience: string | readonly string[]
  readonly clientId: string
  /** Space-separated. An empty scope is omitted from the token. */
  readonly scope: string
  /** The claims that the rules set on `context.accessToken`; reserved names are dropped. */
  readonly ruleClaims: Readonly<Record<string, unknown>>
  readonly sid?: string | undefined
  readonly expiresInSeconds: number
  /** Default: a random one. */
  readonly jti?: string | undefined
}

export interface TokenIssuer {
  readonly issuer: string
  /** Signs an ID token (OpenID Connect Core 1.0). @throws {ClaimsmithError} TOKEN_TOO_LARGE if it exceeds `maxTokenBytes`. */
  signIdToken(input: IdTokenInput): Promise<string>
  /** Signs an access token (RFC 9068, typ `at+jwt`). @throws {ClaimsmithError} TOKEN_TOO_LARGE if it exceeds `maxTokenBytes`. */
  signAccessToken(input: AccessTokenInput): Promise<string>
  /**
   * Verifies one of our ID tokens and returns its claims.
   *
   * @throws {ClaimsmithError} INVALID_TOKEN if it is not valid. The error never contains the token.
   */
  verifyIdToken(token: string): Promise<TokenClaims>
  /**
   * Verifies one of our access tokens and returns its claims.
   *
   * @throws {ClaimsmithError} INVALID_TOKEN if it is not valid. The error never contains the token.
   */
  verifyAccessToken(token: string, expected?: { readonly audience?: string | undefined }): Promise<TokenClaims>
  /** The metadata document of OpenID Connect Discovery 1.0. */
  getDiscovery(endpoints: DiscoveryEndpoints): ProviderMetadata
  getJwks(): JSONWebKeySet
}

export interface IssuerOptions {
  /** The `iss` of every token: an absolute http or https URL, used as written. */
  readonly issuer: string
  readonly keyring: Keyring
  readonly clock?: (() => number) | undefined
  /** A longer token is not issued. Default 100,000. */
  readonly maxTokenBytes?: number | undefined
  /** A longer token is rejected before it is parsed. Default 16,384. */
  readonly maxPresentedBytes?: number | undefined
}

/**
 * Issues and verifies the tokens of one issuer.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the issuer is not an http or https URL, or has a query, a fragment or a user name.
 */
export function createIssuer(options: IssuerOptions): TokenIssuer {
  const { issuer, keyring, clock = Date.now, maxTokenBytes = 100_000, maxPresentedBytes = 16_384 } = options
  checkIssuer(issuer)

  /** Signs a token. `reservedClaims` override `claims`. */
  async function sign(typ: 'JWT' | 'at+jwt', reservedClaims: JWTPayload, claims: JWTPayload, expiresInSeconds: number) {
    if (!(expiresInSeconds >= 1 && Number.isFinite(expiresInSeconds))) {
      throw new ClaimsmithError('INVALID_ARGUMENT', 'expiresInSeconds must be a number of 1 or more.')
    }
    const iat = Math.floor(clock() / 1000)
    const { algorithm, kid, privateKey } = keyring.getSigningKey()
    const token = await new SignJWT({
      ...claims,
      ...reservedClaims,
      iss: issuer,
      iat,
      exp: iat + Math.floor(expiresInSeconds),
    })
      .setProtectedHeader({ alg: algorithm, typ, kid })
      .sign(privateKey)
    if (token.length > maxTokenBytes) throw createTooLargeError(typ, token.length, maxTokenBytes)
    return token
  }
  const buildExpectation = (typ: 'JWT' | 'at+jwt') => ({ typ, issuer, nowMs: clock(), maxBytes: maxPresentedBytes })

  return {
    issuer,
    async signIdToken({
      sub,
      audience,
      claims,
      ruleClaims,
      nonce,
      authTimeSeconds,
      sid,
      accessToken,
      expiresInSeconds,
    }) {
      const hash = accessToken === undefined ? undefined : computeAtHash(accessToken, keyring.algorithm)
      const reservedClaims = { sub, aud: audience, nonce, auth_time: authTimeSeconds, sid, at_hash: hash }
      return await sign(
        'JWT',
        reservedClaims,
        removeReservedClaims({ ...claims, ...ruleClaims }).claims,
        expiresInSeconds,
      )
    },
    async signAccessToken({ sub, audience, clientId, scope, ruleClaims, sid, expiresInSeconds, jti = randomUUID() }) {
      const aud = typeof audience === 'string' ? audience : [...audience]
      const reservedClaims = { sub, aud, client_id: clientId, scope: scope === '' ? undefined : scope, sid, jti }
      return await sign('at+jwt', reservedClaims, removeReservedClaims(ruleClaims).claims, expiresInSeconds)
    },
    verifyIdToken: async (token) => await verifyToken(token, keyring, buildExpectation('JWT')),
    verifyAccessToken: async (token, expected = {}) =>
      await verifyToken(token, keyring, { ...buildExpectation('at+jwt'), audience: expected.audience }),
    getDiscovery: (endpoints) => {
      const algorithms = keyring.getJwks().keys.map((key) => key.alg ?? keyring.algorithm)
      return buildProviderMetadata(issuer, [...new Set(algorithms)], endpoints)
    },
    getJwks: () => keyring.getJwks(),
  }
}

/** The `at_hash` of OpenID Connect Core 1.0, 3.1.3.6: the left half of the hash that belongs to the signature algorithm. */
function computeAtHash(accessToken: string, algorithm: SigningAlgorithm): string {
  const digest = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(accessToken, 'ascii')
    .digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

function checkIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[?#]/.test(issuer) || url.username !== '') {
    throw new ClaimsmithError('INVALID_ARGUMENT', 'The issuer must be an http or https URL without query or fragment.')
  }
}

function createTooLargeError(typ: 'JWT' | 'at+jwt', bytes: number, maxBytes: number): ClaimsmithError {
  const tokenName = typ === 'JWT' ? 'The ID token' : 'The access token'
  return new ClaimsmithError('TOKEN_TOO_LARGE', `${tokenName} has ${bytes} bytes; ${maxBytes} are allowed.`, {
    details: { bytes, maxBytes },
  })
}
