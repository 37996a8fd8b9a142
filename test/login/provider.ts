import type { JWK } from 'jose'
import type { Connection } from '../../src/profile/context/connection.ts'
import type { NewConnection, Store } from '../../src/store/index.ts'
import { createKeyring } from '../../src/tokens/keyring.ts'
import { forge } from '../tokens/forge.ts'

/** An identity provider with a key of its own, and a connection to it. */
export interface Provider {
  readonly connection: Connection
  readonly jwk: JWK
  /** An assertion about user 1, for five minutes, with these claims instead or besides. */
  assert(claims?: object, header?: object): string
}

let providers = 0

export async function connectProvider(
  store: Store,
  { audience, nowMs }: { readonly audience: string; readonly nowMs: number },
  more: Partial<NewConnection> = {},
): Promise<Provider> {
  const keyring = await createKeyring({ algorithm: 'ES256' })
  const [jwk = {}] = await keyring.exportPrivateJwks()
  const iss = `https://provider-${(providers += 1)}.example/`
  const jwks = { keys: keyring.getJwks().keys.map((key) => ({ ...key })) }
  const connection = await store.connections.create({
    name: `provider-${providers}`,
    strategy: 'oidc',
    ...more,
    options: { issuer: iss, jwks, ...more.options },
  })
  const nowSeconds = Math.floor(nowMs / 1000)
  return {
    connection,
    jwk,
    assert: (claims = {}, header = {}) =>
      forge(
        jwk,
        { alg: 'ES256', kid: jwk.kid, ...header },
        { iss, sub: '1', aud: audience, iat: nowSeconds, exp: nowSeconds + 300, ...claims },
      ),
  }
}
