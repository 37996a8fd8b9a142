import { createHash, randomBytes } from 'node:crypto'
import type { GrantedLogin } from './granted-login.ts'
import type { LoginSettings } from '../options.ts'

/** Creates a refresh token of 256 random bits; the store keeps only its hash. */
export async function saveRefreshToken(
  { transaction, sub }: GrantedLogin,
  scope: readonly string[],
  { store, clock, refreshTokenSeconds }: LoginSettings,
): Promise<string> {
  const { id, client, connection, audience } = transaction
  const token = randomBytes(32).toString('base64url')
  await store.logins.saveRefreshToken({
    tokenHash: hashRefreshToken(token),
    loginId: id,
    userId: sub,
    clientId: client.client_id,
    connection: connection.name,
    scope: scope.join(' '),
    audience,
    expiresAtMs: clock() + refreshTokenSeconds * 1_000,
  })
  return token
}

export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
