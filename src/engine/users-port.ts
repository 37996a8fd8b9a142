import type { Metadata, User } from '../profile/user.ts'
import type { Program } from '../sandbox/protocol.ts'

/**
 * What stands behind `auth0` in a rule: the embedder's own users. Both updates merge at the first level, as Auth0 does
 * (`null` deletes a key), and answer with the user as it is then. What they throw reaches the rule as an error.
 */
export interface UsersPort {
  updateUserMetadata?(userId: string, metadata: Metadata): Promise<User | undefined | void>
  updateAppMetadata?(userId: string, metadata: Metadata): Promise<User | undefined | void>
  /** `auth0.domain`: the host name of the auth server. */
  readonly domain?: string
  /** `auth0.baseUrl`; by default `https://<domain>/api/v2`. */
  readonly baseUrl?: string
  /** `auth0.accessToken`: a token for the Management API. Asked once a login, and only where a rule mentions it. */
  accessToken?(): Promise<string>
}

/** Answers one call of `auth0.users.*`: text in, text out, as it crosses the border. */
export async function answerCall(users: UsersPort, name: string, body: string): Promise<string> {
  const { id, data } = JSON.parse(body) as { id: string; data: Metadata }
  if (name === 'users.updateUserMetadata' && users.updateUserMetadata !== undefined) {
    return toText(await users.updateUserMetadata(id, data))
  }
  if (name === 'users.updateAppMetadata' && users.updateAppMetadata !== undefined) {
    return toText(await users.updateAppMetadata(id, data))
  }
  throw new Error(`auth0.${name} is not offered here: the engine was created without it`)
}

/** A rule that names `auth0.accessToken`, or hands `auth0` itself to somebody who may. */
const mayReadToken = /accessToken|\bauth0\b(?![.'"`@|/-])/

/** The JSON of what `auth0` shows of the tenant to these rules. */
export async function tenantFacts(users: UsersPort, rules: Program['rules']): Promise<string> {
  const { domain } = users
  const wantsToken = rules.some(({ kind, expression }) => kind === 'rule' && mayReadToken.test(expression))
  const baseUrl = users.baseUrl ?? (domain === undefined ? undefined : `https://${domain}/api/v2`)
  const accessToken = wantsToken ? await users.accessToken?.() : undefined
  return JSON.stringify({ domain, baseUrl, accessToken })
}

function toText(user: User | undefined | void): string {
  return JSON.stringify(user ?? {})
}
