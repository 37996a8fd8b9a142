import type { Metadata, User } from '../../profile/user/user.ts'
import type { UserUpdate } from '../outcome/outcome.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'

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

/** Answers one call of `auth0.users.*`: text in, text out, as it crosses the border. What it did is added to `updates`. */
export async function answerCall(users: UsersPort, name: string, body: string, updates: UserUpdate[]): Promise<string> {
  const { id: userId, data } = JSON.parse(body) as { id: string; data: Metadata }
  const of = name === 'users.updateUserMetadata' ? 'user_metadata' : 'app_metadata'
  const index = updates.push({ of, userId, data }) - 1
  try {
    return JSON.stringify((await update(users, name, userId, data)) ?? {})
  } catch (error) {
    updates[index] = { of, userId, data, error: error instanceof Error ? error.message : 'the call failed' }
    throw error
  }
}

async function update(users: UsersPort, name: string, id: string, data: Metadata): Promise<User | undefined | void> {
  if (name === 'users.updateUserMetadata' && users.updateUserMetadata !== undefined) {
    return users.updateUserMetadata(id, data)
  }
  if (name === 'users.updateAppMetadata' && users.updateAppMetadata !== undefined) {
    return users.updateAppMetadata(id, data)
  }
  throw new Error(`auth0.${name} is not offered here: the engine was created without it`)
}

/** A rule that names `auth0.accessToken`, or hands `auth0` itself to somebody who may. */
const tokenPattern = /accessToken|\bauth0\b(?![.'"`@|/-])/

const tokenReadersByRule = new WeakMap<Program['rules'][number], boolean>()

function canReadToken(rule: Program['rules'][number]): boolean {
  const cached = tokenReadersByRule.get(rule)
  if (cached !== undefined) return cached
  const isReader = rule.kind === 'rule' && tokenPattern.test(rule.expression)
  tokenReadersByRule.set(rule, isReader)
  return isReader
}

/** The JSON of what `auth0` shows of the tenant to these rules. */
export async function serializeTenantInfo(users: UsersPort, rules: Program['rules']): Promise<string> {
  const { domain } = users
  const isTokenNeeded = rules.some(canReadToken)
  const baseUrl = users.baseUrl ?? (domain === undefined ? undefined : `https://${domain}/api/v2`)
  const accessToken = isTokenNeeded ? await users.accessToken?.() : undefined
  return JSON.stringify({ domain, baseUrl, accessToken })
}
