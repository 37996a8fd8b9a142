import type { Engine } from '../engine/ports/engine.ts'
import type { Overlay, OverlaySpec } from '../profile/overlay/overlay.ts'
import type { Store } from '../store/contract/store.ts'
import type { TokenIssuer } from '../tokens/issuer.ts'
import type { FinishedLogin } from './run/login-emitter.ts'

export interface LoginOptions {
  readonly engine: Engine
  readonly store: Store
  readonly issuer: TokenIssuer
  /** The value of `context.tenant` in rules. A server's default is the host name of its issuer. */
  readonly tenant: string
  /** The database connection of the `password` grant. Default `Username-Password-Authentication`. */
  readonly connection?: string
  /** How /userinfo resolves attributes on read, such as `{ picture: 'user_metadata.picture || picture' }`. */
  readonly overlay?: OverlaySpec | Overlay
  /** `none` (default): /userinfo returns the whole enriched profile. `oidc`: only the claims of the granted scopes. */
  readonly scoping?: 'none' | 'oidc'
  /** The answer of /tokeninfo: the token's claims (default), or the stored profile of its `sub`. Never the result of rules. */
  readonly tokeninfo?: 'claims' | 'profile'
  /** Called with every login that ends, before the response: it must be quick. Its exceptions are ignored. */
  readonly onLogin?: (login: FinishedLogin) => void
  /** How long an access token is valid. Default 86,400, a day. */
  readonly accessTokenSeconds?: number
  /** How long an ID token is valid. Default 36,000, ten hours. */
  readonly idTokenSeconds?: number
  /** How long a refresh token is valid. Default 2,592,000, thirty days. */
  readonly refreshTokenSeconds?: number
  /** The time here, in milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
}

/** The options with every default filled in. */
export type LoginSettings = Required<Omit<LoginOptions, 'overlay' | 'onLogin'>> &
  Pick<LoginOptions, 'overlay' | 'onLogin'>

export function applyDefaults(options: LoginOptions): LoginSettings {
  return {
    connection: 'Username-Password-Authentication',
    scoping: 'none',
    tokeninfo: 'claims',
    accessTokenSeconds: 86_400,
    idTokenSeconds: 36_000,
    refreshTokenSeconds: 2_592_000,
    clock: Date.now,
    ...options,
  }
}
