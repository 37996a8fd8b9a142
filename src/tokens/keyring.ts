import type { JSONWebKeySet, JWK } from 'jose'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { SigningAlgorithm, SigningKey } from './signing-key.ts'
import { generateSigningKey, readSigningKey } from './signing-key.ts'

export type { SigningAlgorithm } from './signing-key.ts'

/**
 * The keys that sign and verify tokens.
 *
 * - The newest key signs and verifies.
 * - `rotate` replaces it. A replaced key verifies for `overlapMs` more, and is then dropped.
 */
export interface Keyring {
  /** The algorithm of the key that signs. */
  readonly algorithm: SigningAlgorithm
  getSigningKey(): SigningKey
  /** The key with this id. Undefined if it is unknown or no longer verifies. */
  findVerificationKey(kid: string): SigningKey | undefined
  /** The public keys that verify, newest first. */
  getJwks(): JSONWebKeySet
  /** Generates a new key, which signs from now on. The old key verifies for `overlapMs` more. */
  rotate(algorithm?: SigningAlgorithm): Promise<void>
  /** The private keys that verify, newest first, for the option `keys` of `createKeyring`. */
  exportPrivateJwks(): Promise<JWK[]>
}

export interface KeyringOptions {
  /** The algorithm of a generated key. Default RS256. */
  readonly algorithm?: SigningAlgorithm | undefined
  /** Private JWKs, newest first. Default: one generated key. */
  readonly keys?: readonly Readonly<Record<string, unknown>>[] | undefined
  /** The time for which a replaced key still verifies. It must exceed the longest token lifetime. Default 48 hours. */
  readonly overlapMs?: number | undefined
  readonly clock?: (() => number) | undefined
}

const defaultOverlapMs = 48 * 60 * 60 * 1000

/**
 * Reads the private JWKs, or generates a key if there are none.
 *
 * @throws {ClaimsmithError} INVALID_KEY if one is not a private signing key, or two share a `kid`.
 */
export async function createKeyring(options: KeyringOptions = {}): Promise<Keyring> {
  const { algorithm = 'RS256', overlapMs = defaultOverlapMs, clock = Date.now } = options
  let keys: readonly SigningKey[] = await Promise.all((options.keys ?? []).map((jwk) => readSigningKey(jwk, clock())))
  if (new Set(keys.map((key) => key.kid)).size < keys.length) {
    throw new ClaimsmithError('INVALID_KEY', 'Two signing keys share a "kid"; each needs its own.')
  }
  let newest = keys[0] ?? (await generateSigningKey(algorithm, clock()))
  if (keys.length === 0) keys = [newest]

  // A key was replaced at the creation of its successor.
  const listLiveKeys = (): readonly SigningKey[] =>
    keys.filter((_, index) => index === 0 || clock() < (keys[index - 1]?.createdAtMs ?? 0) + overlapMs)

  return {
    get algorithm() {
      return newest.algorithm
    },
    getSigningKey: () => newest,
    findVerificationKey: (kid) => listLiveKeys().find((key) => key.kid === kid),
    getJwks: () => ({ keys: listLiveKeys().map((key) => ({ ...key.publicJwk })) }),
    exportPrivateJwks: async () => listLiveKeys().map((key) => ({ ...key.privateJwk })),
    async rotate(nextAlgorithm = newest.algorithm) {
      const key = await generateSigningKey(nextAlgorithm, clock())
      keys = [key, ...listLiveKeys()]
      newest = key
    },
  }
}
