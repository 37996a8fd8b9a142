import type { JSONWebKeySet, JWK } from 'jose'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { SigningAlgorithm, SigningKey } from './signing-key.ts'
import { generateSigningKey, readSigningKey } from './signing-key.ts'

export type { SigningAlgorithm } from './signing-key.ts'

/** The keys that sign and verify tokens; the newest signs. */
export interface Keyring {
  /** Of the key that signs now. */
  readonly algorithm: SigningAlgorithm
  getSigningKey(): SigningKey
  /** The key with this id, while it still verifies. */
  findVerificationKey(kid: string): SigningKey | undefined
  /** The public keys that verify now, newest first. */
  getJwks(): JSONWebKeySet
  /** Makes a new key that signs from now on; the old one still verifies for `overlapMs`. */
  rotate(algorithm?: SigningAlgorithm): Promise<void>
  /** The private keys that still verify, newest first, as `createKeyring` takes them back. */
  exportPrivateJwks(): Promise<JWK[]>
}

export interface KeyringOptions {
  /** Of a key that has to be generated. Default RS256. */
  readonly algorithm?: SigningAlgorithm | undefined
  /** Private JWKs, newest first. Without any, one is generated. */
  readonly keys?: readonly Readonly<Record<string, unknown>>[] | undefined
  /** How long a replaced key still verifies: longer than the longest-lived token. Default 48 hours. */
  readonly overlapMs?: number | undefined
  readonly clock?: (() => number) | undefined
}

const defaultOverlapMs = 48 * 60 * 60 * 1000

/**
 * Reads the given private JWKs, or generates a key when there are none.
 *
 * @throws {ClaimsmithError} INVALID_KEY when one is not a private signing key, or two share a `kid`.
 */
export async function createKeyring(options: KeyringOptions = {}): Promise<Keyring> {
  const { algorithm = 'RS256', overlapMs = defaultOverlapMs, clock = Date.now } = options
  let keys: readonly SigningKey[] = await Promise.all((options.keys ?? []).map((jwk) => readSigningKey(jwk, clock())))
  if (new Set(keys.map((key) => key.kid)).size < keys.length) {
    throw new ClaimsmithError('INVALID_KEY', 'Two signing keys share a "kid"; each needs its own.')
  }
  let newest = keys[0] ?? (await generateSigningKey(algorithm, clock()))
  if (keys.length === 0) keys = [newest]

  // A key was replaced when its successor was made.
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
