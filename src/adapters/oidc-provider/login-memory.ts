import { LRUCache } from 'lru-cache'
import type { User } from '../../profile/user/user.ts'

/** What the rules of one login came to, for its tokens and for /me. Plain data. */
export interface ProviderLogin {
  readonly user: User
  readonly claims: {
    readonly idToken: Readonly<Record<string, unknown>>
    readonly accessToken: Readonly<Record<string, unknown>>
  }
}

/** Where logins are remembered, by the id of their grant; several processes need one that they share. */
export interface LoginMemory {
  save(grantId: string, login: ProviderLogin): Promise<void>
  get(grantId: string): Promise<ProviderLogin | undefined>
}

const maxLogins = 100_000
const fourteenDaysMs = 14 * 86_400_000

/** Remembers in this process: for as long as oidc-provider keeps a grant unless it is told otherwise, 14 days. */
export function createLoginMemory(): LoginMemory {
  const logins = new LRUCache<string, ProviderLogin>({ max: maxLogins, ttl: fourteenDaysMs })
  return {
    save: async (grantId, login) => void logins.set(grantId, login),
    get: async (grantId) => logins.get(grantId),
  }
}
