import type { Store } from '../../store/contract/store.ts'
import { createIssuer } from '../../tokens/issuer.ts'
import { createKeyring } from '../../tokens/keyring.ts'

const provider = 'https://facebook.example'
const accountId = '10150000000000001'
const assertionSeconds = 12 * 3_600

const lin = {
  name: 'Lin Chen',
  given_name: 'Lin',
  family_name: 'Chen',
  email: 'lin@example.org',
  email_verified: true,
  picture: 'https://facebook.example/pictures/lin.png',
}

/**
 * Creates a connection to a made-up provider, and a user who came from it and has set a picture since.
 *
 * Resolves to an assertion about that user, signed with the provider's key. It is valid for 12 hours.
 */
export async function seedProvider(store: Store, issuer: string): Promise<string> {
  const keyring = await createKeyring({ algorithm: 'ES256' })
  const jwks = { keys: keyring.getJwks().keys.map((key) => ({ ...key })) }
  const connection = { name: 'facebook', strategy: 'facebook' }
  await store.connections.create({ ...connection, options: { issuer: provider, jwks } })
  const account = { connection: connection.name, provider: connection.strategy, user_id: accountId, isSocial: true }
  const user = await store.users.signIn({ ...account, profileData: lin, attributes: lin, isSynced: true })
  const picture = 'https://example.com/pictures/chosen-by-lin.png'
  await store.users.update(user?.user_id ?? '', { user_metadata: { picture } })
  return await createIssuer({ issuer: provider, keyring }).signIdToken({
    sub: accountId,
    audience: issuer,
    claims: lin,
    ruleClaims: {},
    expiresInSeconds: assertionSeconds,
  })
}
