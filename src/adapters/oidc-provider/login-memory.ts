import { LRUCache } from '../../cache/lru-cache.ts'
import type { User } from '../../profile/user/user.ts'

/** The result of one login's rules, for its tokens and for /me. Plain data. */
export interface ProviderLogin {
  readonly user: User
  readonly claims: {
    readonly idToken: Readonly<Record<string, unknown>>
    readonly accessToken: Readonly<Record<string, unknown>>
  }
}

/** Remembers logins, by the id of their grant. Several processes have to share one. */
export interface LoginMemory {
  save(grantId: string, login: ProviderLogin): Promise<void>
  get(grantId: string): Promise<ProviderLogin | undefined>
}

const maxLogins = 100_000
const fourteenDaysMs = 14 * 86_400_000

/** Remembers up to 100,000 logins in this process, for 14 days: so long oidc-provider keeps a grant by default. */
export function createLoginMemory(): LoginMemory {
  const logins = new LRUCache<string, ProviderLogin>({ max: maxLogins, ttl: fourteenDaysMs })
  return {
    save: async (grantId, login) => void logins.set(grantId, login),
    get: async (grantId) => logins.get(grantId),
  }
}
